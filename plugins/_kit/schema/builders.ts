import { declared } from "./declaration.ts";
import type { Infer } from "./infer.ts";
import type {
  AnythingSchema,
  BooleanSchema,
  Bounds,
  EitherSchema,
  Fields,
  IntegerSchema,
  ListSchema,
  MapSchema,
  NumberSchema,
  OneOfSchema,
  RecordSchema,
  Scalar,
  Schema,
  StringSchema,
} from "./types.ts";

/** Options of every builder. A field is required unless it has a default or is `optional: true`. */
export interface Options<Optional extends boolean, Default> {
  /** One or two sentences, 10 to 500 characters: shown in tables, editors and Kong's schema. */
  readonly description: string;
  readonly default?: Default;
  /** May be absent, and stays absent then. Not together with a default. */
  readonly optional?: Optional;
  /** Never shown in messages or tables. */
  readonly secret?: boolean;
  /** What to use instead. */
  readonly deprecated?: string;
}

/** Text. Lengths count characters. */
export function string<const Optional extends boolean = false>(
  options: Options<Optional, string> & Pick<StringSchema, "pattern" | "expects" | "minLength" | "maxLength">,
): StringSchema<Optional> {
  return declared({ ...options, kind: "string", optional: flag(options.optional) });
}

/** A finite number. */
export function number<const Optional extends boolean = false>(
  options: Options<Optional, number> & Bounds,
): NumberSchema<Optional> {
  return declared({ ...options, kind: "number", optional: flag(options.optional) });
}

/** A whole number that a double holds exactly. */
export function integer<const Optional extends boolean = false>(
  options: Options<Optional, number> & Bounds,
): IntegerSchema<Optional> {
  return declared({ ...options, kind: "integer", optional: flag(options.optional) });
}

export function boolean<const Optional extends boolean = false>(
  options: Options<Optional, boolean>,
): BooleanSchema<Optional> {
  return declared({ ...options, kind: "boolean", optional: flag(options.optional) });
}

/** One of the listed values. */
export function oneOf<const Value extends Scalar, const Optional extends boolean = false>(
  values: readonly Value[],
  options: Options<Optional, NoInfer<Value>>,
): OneOfSchema<Value, Optional> {
  return declared({ ...options, kind: "oneOf", values, optional: flag(options.optional) });
}

/** A list of values of one kind. */
export function list<Item extends Schema, const Optional extends boolean = false>(
  item: Item,
  options: Options<Optional, readonly Infer<Item>[]> & Pick<ListSchema, "minItems" | "maxItems" | "unique">,
): ListSchema<Item, Optional> {
  return declared({ ...options, kind: "list", item, optional: flag(options.optional) });
}

/** Names the user chooses, with values of one kind. */
export function map<Value extends Schema, const Optional extends boolean = false>(
  value: Value,
  options: Options<Optional, Readonly<Record<string, Infer<Value>>>> &
    Pick<MapSchema, "keyPattern" | "keyExpects" | "minEntries" | "maxEntries">,
): MapSchema<Value, Optional> {
  return declared({ ...options, kind: "map", value, optional: flag(options.optional) });
}

/**
 * Named fields; other keys are errors. A record whose fields can all be absent may be absent itself: it is
 * filled in with their defaults.
 */
export function record<const F extends Fields, const Optional extends boolean = false>(
  fields: F,
  options: Partial<Omit<Options<Optional, never>, "default">> & {
    /** Cross-field rule; runs when all fields are well. */
    readonly check?: (value: Infer<RecordSchema<NoInfer<F>>>) => string | undefined;
  } = {},
): RecordSchema<F, Optional> {
  return declared({ description: "", ...options, kind: "record", fields, optional: flag(options.optional) });
}

/** One of several schemas that accept different JSON types: `auto` or a number, text or a record. */
export function either<const Branches extends readonly Schema[], const Optional extends boolean = false>(
  branches: Branches,
  options: Options<Optional, Infer<Branches[number]>>,
): EitherSchema<Branches, Optional> {
  return declared({ ...options, kind: "either", branches, optional: flag(options.optional) });
}

/** Any value, passed through as it is. */
export function anything<const Optional extends boolean = false>(
  options: Omit<Options<Optional, never>, "default">,
): AnythingSchema<Optional> {
  return declared({ ...options, kind: "anything", optional: flag(options.optional) });
}

/** An absent flag is `false`; the caller's type parameter says the same. */
function flag<Optional extends boolean>(optional: Optional | undefined): Optional {
  return (optional ?? false) as Optional;
}
