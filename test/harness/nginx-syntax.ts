/** Reads nginx configuration as nginx does, into directives: enough to see whether a value added one. */

export interface Directive {
  readonly name: string;
  /** Unquoted. Of a `*_by_lua_block` the code is the one argument. */
  readonly args: readonly string[];
  readonly block?: readonly Directive[];
}

interface Reader {
  readonly text: string;
  at: number;
}

function skipBlank(reader: Reader): void {
  for (;;) {
    const blank = /^(?:\s+|#[^\n]*)/.exec(reader.text.slice(reader.at));
    if (blank === null) return;
    reader.at += blank[0].length;
  }
}

function quoted(reader: Reader, quote: string): string {
  let out = "";
  for (reader.at += 1; reader.text[reader.at] !== quote; reader.at += 1) {
    const char = reader.text[reader.at];
    if (char === undefined) throw new Error("a string does not end");
    const next = reader.text[reader.at + 1] ?? "";
    if (char === "\\" && /["'\\]/.test(next)) {
      out += next;
      reader.at += 1;
    } else {
      out += char;
    }
  }
  reader.at += 1;
  return out;
}

function word(reader: Reader): string {
  const first = reader.text[reader.at] ?? "";
  if (first === '"' || first === "'") return quoted(reader, first);
  const found = /^(?:\\.|\$\{|[^\s;{}])+/.exec(reader.text.slice(reader.at));
  if (found === null) throw new Error(`no word at ${reader.text.slice(reader.at, reader.at + 40)}`);
  reader.at += found[0].length;
  return found[0];
}

/** Our blocks of Lua hold no brace and no string. */
function luaBlock(reader: Reader): string {
  const end = reader.text.indexOf("}", reader.at);
  const code = reader.text.slice(reader.at + 1, end).trim();
  reader.at = end + 1;
  return code;
}

function directives(reader: Reader, inside: boolean): Directive[] {
  const found: Directive[] = [];
  for (;;) {
    skipBlank(reader);
    const next = reader.text[reader.at];
    if (next === undefined || next === "}") {
      if ((next === "}") !== inside) throw new Error(inside ? "a block does not end" : "a } too many");
      reader.at += 1;
      return found;
    }
    found.push(directive(reader));
  }
}

function directive(reader: Reader): Directive {
  const name = word(reader);
  const args: string[] = [];
  for (;;) {
    skipBlank(reader);
    const next = reader.text[reader.at];
    if (next === ";") {
      reader.at += 1;
      return { name, args };
    }
    if (next === "{") {
      if (name.endsWith("_by_lua_block")) return { name, args: [...args, luaBlock(reader)] };
      reader.at += 1;
      return { name, args, block: directives(reader, true) };
    }
    if (next === undefined) throw new Error(`${name} does not end`);
    args.push(word(reader));
  }
}

/** @throws Error when the text is not whole */
export function parseNginx(text: string): readonly Directive[] {
  return directives({ text, at: 0 }, false);
}

/** Blocks whose lines begin with data and not with a directive. */
const TABLES = new Set(["map", "geo"]);

/** The directives' names and how many arguments each has, without the arguments' text. */
export function shapeOf(parsed: readonly Directive[], table = false): unknown {
  return parsed.map(({ name, args, block }) => {
    const inner = block === undefined ? null : shapeOf(block, TABLES.has(name));
    return [table ? "entry" : name, args.length, inner];
  });
}
