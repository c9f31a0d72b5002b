import { expectTypeOf, test } from "vitest";
import type { Manifest } from "../manifest.ts";
import { schema as s, validate, type Infer, type RecordSchema, type Schema } from "./index.ts";

const sample = s.record({
  name: s.string({ description: "A required name." }),
  zone: s.string({ optional: true, description: "An optional name." }),
  scope: s.oneOf(["route", "upstream"], { default: "route", description: "A choice of two." }),
  rate: s.number({ default: 1, description: "A number with default." }),
  tags: s.list(s.string({ description: "One of the tags." }), { default: [], description: "A list of tags." }),
  limits: s.map(s.integer({ description: "A limit for one." }), { optional: true, description: "Limits by name." }),
  workers: s.either(
    [s.oneOf(["auto"], { description: "As many as cores." }), s.integer({ description: "Exactly so many." })],
    {
      default: "auto",
      description: "How many workers.",
    },
  ),
  open: s.record({ seconds: s.number({ default: 30, description: "How long it is open." }) }),
  redis: s.record({ url: s.string({ description: "Where Redis is." }) }, { optional: true }),
  rest: s.anything({ optional: true, description: "Whatever it may be." }),
});

test("Infer gives the type of a validated value", () => {
  expectTypeOf<Infer<typeof sample>>().toEqualTypeOf<{
    readonly name: string;
    readonly scope: "route" | "upstream";
    readonly rate: number;
    readonly tags: readonly string[];
    readonly workers: number | "auto";
    readonly open: { readonly seconds: number };
    readonly zone?: string;
    readonly limits?: { readonly [name: string]: number };
    readonly redis?: { readonly url: string };
    readonly rest?: unknown;
  }>();
});

test("a schema known only as Schema infers unknown, and a record known only as a record any", () => {
  expectTypeOf<Infer<Schema>>().toBeUnknown();
  expectTypeOf<Infer<RecordSchema>>().toBeAny();
  expectTypeOf<Manifest<typeof sample>>().toExtend<Manifest>();
});

test("validate narrows to the inferred type", () => {
  const result = validate(sample, {});
  if (result.ok) expectTypeOf(result.value).toEqualTypeOf<Infer<typeof sample>>();
  else expectTypeOf(result.problems[0]?.found).toEqualTypeOf<string | undefined>();
});

test("builders refuse options they do not know", () => {
  // @ts-expect-error: misspelled
  s.number({ description: "A number of things.", minn: 1 });
  // @ts-expect-error: not one of the values
  const wrong = () => s.oneOf(["a", "b"], { default: "c", description: "A choice of two." });
  expectTypeOf(wrong).toBeFunction();
});
