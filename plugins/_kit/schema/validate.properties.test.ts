import fc from "fast-check";
import { expect, test } from "vitest";
import { schema as s, validate, type Schema } from "./index.ts";

const description = "Ten characters and more.";

/** Any schema, with valid values of it. */
interface Sample {
  readonly schema: Schema;
  readonly values: fc.Arbitrary<unknown>;
}

const leaf: fc.Arbitrary<Sample> = fc.oneof(
  fc.boolean().map((optional) => ({
    schema: s.boolean(optional ? { optional, description } : { default: true, description }),
    values: fc.boolean(),
  })),
  fc.integer().map((min) => ({ schema: s.integer({ min, description }), values: fc.integer({ min }) })),
  fc.constant({
    schema: s.number({ default: 1, description }),
    values: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
  fc.constant({
    schema: s.string({ maxLength: 5, description }),
    values: fc.string({ maxLength: 5, unit: "grapheme-ascii" }),
  }),
  fc.constant({
    schema: s.oneOf(["a", 1, false], { default: 1, description }),
    values: fc.constantFrom("a", 1, false),
  }),
);

const sample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample; list: Sample; map: Sample; record: Sample }>((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, leaf, tie("list"), tie("map"), tie("record")),
  list: tie("any").map(({ schema, values }) => ({
    schema: s.list(schema, { maxItems: 3, description }),
    values: fc.array(values, { maxLength: 3 }),
  })),
  map: tie("any").map(({ schema, values }) => ({
    schema: s.map(schema, { default: {}, description }),
    values: fc.dictionary(fc.string(), values, { maxKeys: 3 }),
  })),
  record: fc.tuple(tie("any"), tie("any")).map(([a, b]) => ({
    schema: s.record({ a: a.schema, b: b.schema }),
    values: fc.record({ a: a.values, b: b.values }),
  })),
})).any;

const sampleWithValue = sample.chain(({ schema, values }) => values.map((value) => [schema, value] as const));

test("a valid value passes, and passes again as it came out", () => {
  fc.assert(
    fc.property(sampleWithValue, ([schema, value]) => {
      const first = validate(schema, value);
      if (!first.ok) throw new Error(JSON.stringify(first.problems));
      const second = validate(schema, first.value);
      expect(second).toEqual(first);
    }),
  );
});

test("what is filled in for nothing is valid", () => {
  fc.assert(
    fc.property(sample, ({ schema }) => {
      const holder = s.record({ field: schema });
      const filled = validate(holder, {});
      if (filled.ok) expect(validate(holder, filled.value)).toEqual(filled);
      else expect(filled.problems).toMatchObject([{ code: "E_CONFIG_REQUIRED", path: ["field"] }]);
    }),
  );
});

test("no JSON value makes it throw, and the value is left as it was", () => {
  fc.assert(
    fc.property(sample, fc.jsonValue({ noUnicodeString: false }), ({ schema }, value) => {
      const before = JSON.stringify(value);
      const result = validate(schema, value);
      expect(JSON.stringify(value)).toBe(before);
      if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
    }),
  );
});
