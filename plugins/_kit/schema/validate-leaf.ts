import { nearest } from "./nearest.ts";
import type { Path } from "./path.ts";
import type { SchemaProblem } from "./problem.ts";
import type { BooleanSchema, Bounds, IntegerSchema, NumberSchema, OneOfSchema, StringSchema } from "./types.ts";
import { allowedWords, countWords, foundWords } from "./words.ts";

/** Receives what is wrong with one value. */
export type Refuse = (code: SchemaProblem["code"], allowed: string, help?: Help) => void;

type Help = Pick<SchemaProblem, "nearest" | "hint">;

export type LeafSchema = StringSchema | NumberSchema | IntegerSchema | BooleanSchema | OneOfSchema;

/** The value as it is to be used; `refuse` is called for each thing wrong with it. */
export function validateLeaf(schema: LeafSchema, value: unknown, refuse: Refuse): unknown {
  switch (schema.kind) {
    case "string":
      return validateString(schema, value, refuse);
    case "number":
    case "integer":
      return validateNumber(schema, value, refuse);
    case "boolean":
      if (typeof value !== "boolean") refuse("E_CONFIG_TYPE", allowedWords(schema));
      return value;
    case "oneOf":
      if (!(schema.values as readonly unknown[]).includes(value)) refuseChoice(schema, value, refuse);
      return value;
  }
}

/** Puts a problem together; `secret` keeps the value out of it. */
export function leafProblem(
  path: Path,
  value: unknown,
  secret: boolean,
): (...told: Parameters<Refuse>) => SchemaProblem {
  return (code, allowed, help) => {
    const hint = value === null ? { hint: "Give it a value ({} for an empty record), or leave the key out." } : {};
    return { code, path, found: foundWords(value, secret), allowed, ...hint, ...help };
  };
}

function validateString(schema: StringSchema, value: unknown, refuse: Refuse): unknown {
  if (typeof value !== "string") {
    const unquoted = typeof value === "number" || typeof value === "boolean";
    refuse("E_CONFIG_TYPE", allowedWords(schema), unquoted ? { hint: "Put it in quotes." } : {});
  } else if (LONE_SURROGATE.test(value)) {
    refuse("E_CONFIG_PATTERN", "text that is well-formed Unicode");
  } else if (!fits(characters(value), schema.minLength, schema.maxLength)) {
    refuse("E_CONFIG_LENGTH", countWords(schema.minLength, schema.maxLength, "character", "characters"));
  } else if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    refuse("E_CONFIG_PATTERN", allowedWords(schema));
  }
  return value;
}

/** Half of a character: it has no UTF-8 form, so it would change on its way to the gateway. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** True when a count lies within its optional limits. */
export function fits(count: number, min: number | undefined, max: number | undefined): boolean {
  return (min === undefined || count >= min) && (max === undefined || count <= max);
}

function validateNumber(schema: NumberSchema | IntegerSchema, value: unknown, refuse: Refuse): unknown {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    refuse("E_CONFIG_TYPE", allowedWords(schema), quotedNumberHelp(value));
    return value;
  }
  if (schema.kind === "integer" && !Number.isSafeInteger(value)) refuse("E_CONFIG_TYPE", allowedWords(schema));
  else if (!inBounds(schema, value)) refuse("E_CONFIG_RANGE", allowedWords(schema));
  return value === 0 ? 0 : value; // -0 prints as "-0" in Lua
}

/** A number in quotes is text: the commonest slip where a number is wanted. */
export function quotedNumberHelp(value: unknown): Help {
  const quoted = typeof value === "string" && /^-?[0-9]+(\.[0-9]+)?$/.test(value);
  return quoted ? { hint: "Leave out the quotes." } : {};
}

function inBounds(bounds: Bounds, value: number): boolean {
  if (!fits(value, bounds.min, bounds.max)) return false;
  if (bounds.above !== undefined && value <= bounds.above) return false;
  return bounds.below === undefined || value < bounds.below;
}

function refuseChoice(schema: OneOfSchema, value: unknown, refuse: Refuse): void {
  const texts = schema.values.filter((choice) => typeof choice === "string");
  const near = typeof value === "string" ? nearest(value, texts) : undefined;
  const sameType = schema.values.some((choice) => typeof choice === typeof value);
  refuse(
    sameType ? "E_CONFIG_ENUM" : "E_CONFIG_TYPE",
    allowedWords(schema),
    near === undefined ? {} : { nearest: near },
  );
}
