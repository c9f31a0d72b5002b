/** Quoting for generated files. Whatever reaches nginx.conf or Lua goes through one of these; none can add a directive. */
import { AutoscaleError } from "../errors.ts";

// eslint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f]/;

function refuse(value: string, why: string): never {
  throw new AutoscaleError({
    code: "E_NGINX_VALUE",
    message: `found ${JSON.stringify(value)}, which nginx.conf cannot carry: ${why}`,
    remedy: "Use a value without it.",
  });
}

/**
 * An nginx string in double quotes, taken literally. Control characters are refused: nginx would take them,
 * the people who read the file would not see them.
 */
export function nginxLiteral(value: string): string {
  if (CONTROL.test(value)) refuse(value, "it holds a control character");
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/** As `nginxLiteral`, for directives that expand variables: `$` is refused, for nginx has no way to escape it. */
export function nginxString(value: string): string {
  if (value.includes("$")) refuse(value, "it holds a $, which would be read as a variable");
  return nginxLiteral(value);
}

/** A name that may stand bare in nginx.conf and in Lua: letters, digits and `_`. */
export function identifier(value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) throw new Error(`not an identifier: ${JSON.stringify(value)}`);
  return value;
}

/** A whole number that may stand bare. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`not a whole number: ${value}`);
  return String(value);
}

/** Seconds as nginx writes them, to the millisecond. */
export function nginxTime(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) throw new Error(`not a time: ${seconds}`);
  return `${Math.round(seconds * 1000)}ms`;
}

/** A string literal of Lua 5.1; bytes that are not printable ASCII are written as decimal escapes. */
export function luaString(value: string): string {
  let out = "";
  for (const byte of Buffer.from(value, "utf8")) {
    if (byte === 0x22 || byte === 0x5c) out += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) out += String.fromCharCode(byte);
    else out += `\\${String(byte).padStart(3, "0")}`;
  }
  return `"${out}"`;
}

const LUA_WORDS = new Set(
  "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

/** A key as it stands before `=` in a Lua table. */
export function luaKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !LUA_WORDS.has(key) ? key : `[${luaString(key)}]`;
}

function luaNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`not a number Lua can write: ${value}`);
  return Object.is(value, -0) ? "0" : String(value);
}

/**
 * Plain data as a Lua expression: keys sorted, so that the same data gives the same bytes; `undefined` and `null`
 * left out.
 */
export function luaValue(value: unknown, indent = ""): string {
  if (typeof value === "string") return luaString(value);
  if (typeof value === "number") return luaNumber(value);
  if (typeof value === "boolean") return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => `${inner}${luaValue(item, inner)},\n`);
    return items.length === 0 ? "{}" : `{\n${items.join("")}${indent}}`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value as Record<string, unknown>)
      .filter(([, field]) => field !== undefined && field !== null)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, field]) => `${inner}${luaKey(key)} = ${luaValue(field, inner)},\n`);
    return fields.length === 0 ? "{}" : `{\n${fields.join("")}${indent}}`;
  }
  throw new Error(`no Lua for a ${typeof value}`);
}
