import { luaKey } from "../../cli/build/quote.ts";

/** `name = value`, where the value is a Lua expression. */
export function luaEntry(name: string, expression: string): string {
  return `${luaKey(name)} = ${expression}`;
}

/** A Lua table of entries, one a line. Text in them has no raw line feed: `luaString` escapes them. */
export function luaTable(entries: readonly string[]): string {
  if (entries.length === 0) return "{}";
  return `{\n${entries.map((entry) => `  ${entry.replaceAll("\n", "\n  ")},\n`).join("")}}`;
}

/** A Lua table of named expressions; the absent ones are left out. */
export function luaRecord(fields: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [luaEntry(name, value)],
  );
  return luaTable(present);
}
