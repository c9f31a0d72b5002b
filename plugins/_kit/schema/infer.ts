import type {
  AnythingSchema,
  BooleanSchema,
  EitherSchema,
  Fields,
  IntegerSchema,
  ListSchema,
  MapSchema,
  NumberSchema,
  OneOfSchema,
  RecordSchema,
  Schema,
  StringSchema,
} from "./types.ts";

/** The type of a value that passed `validate`: defaults are filled in, so only `optional: true` may be absent. */
export type Infer<S> = [Schema] extends [S] ? unknown : InferKind<S>;

type InferKind<S> = S extends StringSchema
  ? string
  : S extends NumberSchema | IntegerSchema
    ? number
    : S extends BooleanSchema
      ? boolean
      : S extends OneOfSchema<infer Value>
        ? Value
        : S extends ListSchema<infer Item>
          ? readonly Infer<Item>[]
          : S extends MapSchema<infer Value>
            ? { readonly [name: string]: Infer<Value> }
            : S extends EitherSchema<infer Branches>
              ? Infer<Branches[number]>
              : S extends RecordSchema<infer F>
                ? InferFields<F>
                : S extends AnythingSchema
                  ? unknown
                  : never;

type IsAny<T> = 0 extends 1 & T ? true : false;

type OptionalNames<F> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];

// The outer mapped type only makes editors show one flat record.
type InferFields<F extends Fields> =
  IsAny<F> extends true
    ? // eslint-disable-next-line @typescript-eslint/no-explicit-any
      any
    : Flat<
        { readonly [K in Exclude<keyof F, OptionalNames<F>>]: Infer<F[K]> } & {
          readonly [K in OptionalNames<F>]?: Infer<F[K]>;
        }
      >;

type Flat<T> = { [K in keyof T]: T[K] };
