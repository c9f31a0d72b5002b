/** The attributes of text, numbers and choices in Kong's schema. */
import { luaValue } from "../../cli/build/quote.ts";
import type { IntegerSchema, NumberSchema, OneOfSchema, StringSchema } from "../../plugins/_kit/index.ts";
import { hostPattern } from "../_shared/host-pattern.ts";

/** Attributes by name, as Lua expressions. */
export type Attributes = Readonly<Record<string, string | undefined>>;

/** Kong counts bytes, and takes no empty text unless told to: the lower bound is right of bytes as well. */
export function textAttributes({ pattern, expects, minLength, maxLength }: StringSchema): Attributes {
  const needsCheck = pattern !== undefined || (minLength ?? 0) > 1 || maxLength !== undefined;
  const rules = { ...patternRules(pattern, expects), minLength, maxLength };
  return {
    type: luaValue("string"),
    len_min: luaValue(minLength ?? 0),
    custom_validator: needsCheck ? call("text", rules) : undefined,
  };
}

/** A name the user chooses, in a map. */
export function keyAttributes(pattern: string | undefined, expects: string | undefined): Attributes {
  const check = pattern === undefined ? undefined : call("key", patternRules(pattern, expects));
  return { type: luaValue("string"), len_min: luaValue(0), custom_validator: check };
}

function patternRules(pattern: string | undefined, expects: string | undefined) {
  if (pattern === undefined) return {};
  return { pattern: hostPattern(pattern), expects: expects ?? `text matching ${pattern}` };
}

/** The exact whole numbers of a double: Kong's `integer` alone takes 1e300. */
export function integerAttributes({ min, max, above, below }: IntegerSchema): Attributes {
  const least = Math.max(min ?? -Infinity, above === undefined ? -Infinity : Math.floor(above) + 1);
  const most = Math.min(max ?? Infinity, below === undefined ? Infinity : Math.ceil(below) - 1);
  const between = [
    Math.max(Math.ceil(least), Number.MIN_SAFE_INTEGER),
    Math.min(Math.floor(most), Number.MAX_SAFE_INTEGER),
  ];
  return { type: luaValue("integer"), between: luaList(between) };
}

/** By `gt` and `between` where Kong words them well: it prints the limits of `between` as whole numbers. */
export function numberAttributes({ min, max, above, below }: NumberSchema): Attributes {
  const limits = [min ?? above, max].filter((limit) => limit !== undefined && Number.isSafeInteger(limit));
  return {
    type: luaValue("number"),
    gt: above === undefined ? undefined : luaValue(above),
    between: limits.length === 2 ? luaList(limits) : undefined,
    custom_validator: call("number", { min, max, above, below }),
  };
}

/** The values are of one type: `unsayableInKong` refuses others. */
export function choiceAttributes({ values }: OneOfSchema): Attributes {
  const [first] = values;
  if (typeof first === "boolean") {
    const isOne = new Set(values).size === 1;
    return { type: luaValue("boolean"), custom_validator: isOne ? call("only", first) : undefined };
  }
  const isText = typeof first === "string";
  return {
    type: luaValue(isText ? "string" : "number"),
    len_min: isText ? luaValue(0) : undefined,
    one_of: luaList(values),
  };
}

/** A call of a function of `runtime/schema-checks.ts`. */
export function call(check: string, ...args: readonly unknown[]): string {
  return `checks.${check}(${args.map((argument) => luaLine(argument)).join(", ")})`;
}

function luaList(values: readonly unknown[]): string {
  return luaLine(values);
}

/** Data on one line: no string of it holds a raw line feed. */
function luaLine(value: unknown): string {
  return luaValue(value)
    .replaceAll(/,\n *\}/g, " }")
    .replaceAll(/\n */g, " ");
}
