import { quote } from "./path.ts";
import type { Bounds, Scalar, Schema } from "./types.ts";

/** What was found, for a message. Secret values show only their kind. */
export function foundWords(value: unknown, secret: boolean): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a record";
  if (secret) return typeof value === "string" ? "secret text" : `a secret ${typeof value}`;
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return `a ${typeof value}`;
}

/** What a schema allows, for a message: `a whole number from 1 to 65535`. */
export function allowedWords(schema: Schema): string {
  switch (schema.kind) {
    case "string":
      return schema.expects ?? (schema.pattern === undefined ? "text" : `text matching ${schema.pattern}`);
    case "number":
      return `a number${boundsWords(schema)}`;
    case "integer":
      return `a whole number${boundsWords(schema)}`;
    case "boolean":
      return "true or false";
    case "oneOf":
      return orWords(choices(schema));
    case "list":
      return "a list";
    case "map":
    case "record":
      return "a record";
    case "either":
      return orWords(choices(schema));
    case "anything":
      return "anything";
  }
}

function choices(schema: Schema): readonly string[] {
  if (schema.kind === "either") return schema.branches.flatMap(choices);
  return schema.kind === "oneOf" ? schema.values.map(scalarWords) : [allowedWords(schema)];
}

/** ` from 1 to 10`, ` above 0 and at most 5`, or nothing. */
export function boundsWords(bounds: Bounds): string {
  if (bounds.min !== undefined && bounds.max !== undefined) return ` from ${bounds.min} to ${bounds.max}`;
  const words: string[] = [];
  if (bounds.min !== undefined) words.push(`at least ${bounds.min}`);
  if (bounds.above !== undefined) words.push(`above ${bounds.above}`);
  if (bounds.max !== undefined) words.push(`at most ${bounds.max}`);
  if (bounds.below !== undefined) words.push(`below ${bounds.below}`);
  return words.length === 0 ? "" : ` ${words.join(" and ")}`;
}

/** `2 to 5 items`, `at least 1 character`. */
export function countWords(min: number | undefined, max: number | undefined, one: string, many: string): string {
  const noun = (max ?? min) === 1 ? one : many;
  if (min !== undefined && max !== undefined) return min === max ? `${min} ${noun}` : `${min} to ${max} ${noun}`;
  return min !== undefined ? `at least ${min} ${noun}` : `at most ${max ?? 0} ${noun}`;
}

/** `a, b or c` */
export function orWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "nothing";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function scalarWords(value: Scalar): string {
  return typeof value === "string" ? quote(value) : String(value);
}
