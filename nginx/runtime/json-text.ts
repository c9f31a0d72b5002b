/**
 * JSON as the admin server writes it. Not cjson's encoder alone: Debian's cannot write an empty list, and all of them refuse
 * a whole document for one number that is not finite. Names come out sorted, so equal states are equal texts.
 */
import { encode } from "cjson.safe";

/** What is deeper is a circle: it is written as null. */
const MAX_DEPTH = 32;

/** Lists that were marked; a table without items is an object else. */
const LIST: LuaMetatable<object> = {};

/** Marks a list that may be empty: it is written as `[]` then and not as `{}`. */
export function jsonList<Item extends object | string | number>(items: readonly Item[]): readonly Item[] {
  setmetatable(items as Item[], LIST);
  return items;
}

function numberText(value: number): string {
  if (value !== value || value === math.huge || value === -math.huge) {
    return "null";
  }
  return value === math.floor(value) && math.abs(value) < 1e15
    ? string.format("%d", value)
    : string.format("%.14g", value);
}

function quoted(text: string): string {
  const [encoded] = encode(text);
  return encoded ?? '""';
}

function writeList(items: readonly unknown[], out: string[], depth: number): void {
  out.push("[");
  for (const index of $range(0, items.length - 1)) {
    if (index > 0) {
      out.push(",");
    }
    write(items[index], out, depth);
  }
  out.push("]");
}

function writeObject(fields: Readonly<Record<string, unknown>>, out: string[], depth: number): void {
  const byName: Record<string, unknown> = {};
  const names: string[] = [];
  for (const [name, value] of pairs(fields)) {
    const text = tostring(name);
    names.push(text);
    byName[text] = value;
  }
  table.sort(names);
  out.push("{");
  for (const index of $range(0, names.length - 1)) {
    const name = names[index] ?? "";
    out.push(`${index > 0 ? "," : ""}${quoted(name)}:`);
    write(byName[name], out, depth);
  }
  out.push("}");
}

function write(value: unknown, out: string[], depth: number): void {
  const kind = type(value);
  if (kind === "table" && depth < MAX_DEPTH) {
    const items = value as unknown[];
    if (items.length > 0 || getmetatable(items) === LIST) {
      writeList(items, out, depth + 1);
    } else {
      writeObject(value as Record<string, unknown>, out, depth + 1);
    }
  } else if (kind === "string") {
    out.push(quoted(value as string));
  } else if (kind === "number") {
    out.push(numberText(value as number));
  } else if (kind === "boolean") {
    out.push(value === true ? "true" : "false");
  } else {
    out.push("null");
  }
}

/** Any value as JSON; what JSON does not know is null. */
export function jsonText(value: unknown): string {
  const out: string[] = [];
  write(value, out, 0);
  return table.concat(out);
}
