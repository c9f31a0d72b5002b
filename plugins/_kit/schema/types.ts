/**
 * A declared schema is plain data: validation, the editor's JSON Schema, Kong's schema.lua, APISIX's JSON
 * Schema and the README's table are all read from it. Built by `builders.ts`, never by hand.
 */
export type Schema =
  | StringSchema
  | NumberSchema
  | IntegerSchema
  | BooleanSchema
  | OneOfSchema
  | ListSchema
  | MapSchema
  | RecordSchema<Fields, boolean>
  | EitherSchema
  | AnythingSchema;

export type Scalar = string | number | boolean;
export type Fields = { readonly [name: string]: Schema };

/** What every schema carries. */
interface Common<Optional extends boolean> {
  /** 10 to 500 characters (Kong's rule). */
  readonly description: string;
  /** What to use instead. */
  readonly deprecated?: string;
  /** Never shown: not in a message, not in a table. */
  readonly secret?: boolean;
  /** True: may be absent, and then stays absent. */
  readonly optional: Optional;
}

export interface StringSchema<Optional extends boolean = boolean> extends Common<Optional> {
  readonly kind: "string";
  readonly default?: string;
  /** A regular expression, in the subset that JavaScript and PCRE read alike. */
  readonly pattern?: string;
  /** The pattern in words, for the message: `a host name`. */
  readonly expects?: string;
  /** In characters (code points). */
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Bounds of a number: `min` and `max` belong to the range, `above` and `below` do not. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

export interface NumberSchema<Optional extends boolean = boolean> extends Common<Optional>, Bounds {
  readonly kind: "number";
  readonly default?: number;
}

export interface IntegerSchema<Optional extends boolean = boolean> extends Common<Optional>, Bounds {
  readonly kind: "integer";
  readonly default?: number;
}

export interface BooleanSchema<Optional extends boolean = boolean> extends Common<Optional> {
  readonly kind: "boolean";
  readonly default?: boolean;
}

export interface OneOfSchema<
  Value extends Scalar = Scalar,
  Optional extends boolean = boolean,
> extends Common<Optional> {
  readonly kind: "oneOf";
  readonly values: readonly Value[];
  readonly default?: Value;
}

export interface ListSchema<Item extends Schema = Schema, Optional extends boolean = boolean> extends Common<Optional> {
  readonly kind: "list";
  readonly item: Item;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
  readonly default?: readonly unknown[];
}

/** Names chosen by the user, all with values of one kind. */
export interface MapSchema<Value extends Schema = Schema, Optional extends boolean = boolean> extends Common<Optional> {
  readonly kind: "map";
  readonly value: Value;
  readonly keyPattern?: string;
  /** The key pattern in words. */
  readonly keyExpects?: string;
  readonly minEntries?: number;
  readonly maxEntries?: number;
  readonly default?: Readonly<Record<string, unknown>>;
}

// `any` lets a list of manifests hold manifests of every config: `Infer<RecordSchema>` is `any`.
/* eslint-disable @typescript-eslint/no-explicit-any */
export interface RecordSchema<F extends Fields = any, Optional extends boolean = any> extends Common<Optional> {
  /* eslint-enable @typescript-eslint/no-explicit-any */
  readonly kind: "record";
  readonly fields: F;
  /** Runs when all fields are well; a sentence saying what is wrong and how to mend it, or undefined. */
  readonly check?: (value: never) => string | undefined;
}

/** One of several schemas, told apart by the JSON type of the value. For gateway.yaml. */
export interface EitherSchema<
  Branches extends readonly Schema[] = readonly Schema[],
  Optional extends boolean = boolean,
> extends Common<Optional> {
  readonly kind: "either";
  readonly branches: Branches;
  readonly default?: unknown;
}

/** Any value, left as it is: somebody else checks it. */
export interface AnythingSchema<Optional extends boolean = boolean> extends Common<Optional> {
  readonly kind: "anything";
}
