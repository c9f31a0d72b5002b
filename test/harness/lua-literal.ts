/** Something that lives in the Lua process; passed as an argument it means the value itself. */
export class LuaReference {
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }
}

/** A value as Lua source on one line. Numbers survive exactly; text becomes its UTF-8 bytes. */
export function luaLiteral(value: unknown): string {
  if (value === undefined || value === null) return "nil";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "string") return textLiteral(value);
  if (value instanceof LuaReference) return `H[${String(value.id)}]`;
  if (Array.isArray(value)) return `{${value.map(luaLiteral).join(",")}}`;
  if (typeof value === "object") {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${fields.map(([key, item]) => `[${textLiteral(key)}]=${luaLiteral(item)}`).join(",")}}`;
  }
  throw new TypeError(`a ${typeof value} cannot cross to Lua`);
}

function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return "(0/0)";
  if (!Number.isFinite(value)) return value > 0 ? "(1/0)" : "(-1/0)";
  // LuaJIT folds -0 to 0 in a literal.
  if (Object.is(value, -0)) return "(-1*0)";
  return value < 0 ? `(${String(value)})` : String(value);
}

/** A quoted Lua string in printable ASCII, whatever the bytes. */
export function textLiteral(value: string): string {
  let quoted = "";
  for (const byte of Buffer.from(value)) {
    const plain = byte >= 32 && byte <= 126 && byte !== 34 && byte !== 92;
    quoted += plain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
  }
  return `"${quoted}"`;
}

/** Reads what the server printed: JSON with its own notation for numbers that JSON lacks; nil is undefined. */
export function readAnswer(line: string): { readonly values?: readonly unknown[]; readonly error?: string } {
  return revive(JSON.parse(line)) as { values?: readonly unknown[]; error?: string };
}

function revive(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === "string") return fromBytes(value);
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object") return value;
  if ("$number" in value) return Number(value.$number);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fromBytes(key), revive(item)]));
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that are not UTF-8 stay one character each. */
function fromBytes(bytes: string): string {
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}
