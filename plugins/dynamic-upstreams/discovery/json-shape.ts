/**
 * Reading decoded JSON of which nothing is sure. Null is undefined wherever it stands, and in Lua a list without items and an
 * object without fields are the same.
 */
import { parseDigits } from "../../_core/text.ts";

/** Undefined where there is none, or `value` is no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** The text in a field, unless it is empty. */
export function textField(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The items of a list; undefined when `value` is none, or has a null between its items: what follows could not be seen. */
export function listOf(value: unknown): unknown[] | undefined {
  if (typeof value !== "object") {
    return undefined;
  }
  let fields = 0;
  for (const _name in value as Readonly<Record<string, unknown>>) {
    fields += 1;
  }
  const items: unknown[] = [];
  for (let index = 0; index < fields; index++) {
    const item = (value as readonly unknown[])[index];
    if (item === undefined) {
      return undefined;
    }
    items.push(item);
  }
  return items;
}

/** A list as it is, nothing as a list without items, and anything else as the only item. */
export function listOrOne(value: unknown): unknown[] {
  if (value === undefined) {
    return [];
  }
  return listOf(value) ?? [value];
}

/** Below 2^53 there are no longer ones. Digits are read one by one, and megabytes of them would stall the worker. */
const MOST_DIGITS = 16;

function digitsOf(text: string): number | undefined {
  return text.length > MOST_DIGITS ? undefined : parseDigits(text);
}

/** A whole number in these bounds, written as a number or as decimal digits; undefined for anything else. */
export function wholeNumber(value: unknown, min: number, max: number): number | undefined {
  const found = typeof value === "string" ? digitsOf(value) : value;
  return typeof found === "number" && found >= min && found <= max && found === Math.floor(found) ? found : undefined;
}

/** A port that a peer can have. */
export function portNumber(value: unknown): number | undefined {
  return wholeNumber(value, 1, 65535);
}
