import { describe, expect, test } from "vitest";
import { schema as s, validate, type Schema, type SchemaProblem } from "./index.ts";

const breaker = s.record({
  failure_rate: s.number({ default: 50, above: 0, max: 100, description: "Percent of calls that fail." }),
  scope: s.oneOf(["route", "upstream"], { default: "route", description: "What the breaker guards." }),
  half_open: s.record({
    calls: s.integer({ default: 10, min: 1, description: "Probes let through." }),
    timeout_seconds: s.number({ default: 30, above: 0, description: "How long a probe may take." }),
  }),
});

const text = s.string({ description: "Some text or other." });

function problemsOf(schema: Schema, value: unknown): readonly SchemaProblem[] {
  const result = validate(schema, value);
  return result.ok ? [] : result.problems;
}

describe("defaults", () => {
  test("are filled in, nested records too", () => {
    expect(validate(breaker, {})).toEqual({
      ok: true,
      value: { failure_rate: 50, scope: "route", half_open: { calls: 10, timeout_seconds: 30 } },
      warnings: [],
    });
  });

  test("fill up a record that is written in part", () => {
    expect(validate(breaker, { half_open: { calls: 3 } })).toMatchObject({
      value: { half_open: { calls: 3, timeout_seconds: 30 } },
    });
  });

  test("are copies: changing a result changes no later one", () => {
    const schema = s.record({ tags: s.list(text, { default: ["a"], description: "Some tags or other." }) });
    const first = validate(schema, {});
    if (first.ok) (first.value.tags as string[]).push("b");
    expect(validate(schema, {})).toMatchObject({ value: { tags: ["a"] } });
  });

  test("an optional record stays absent, even when all its fields have defaults", () => {
    const calls = s.integer({ default: 1, description: "Some number of calls." });
    expect(validate(s.record({ open: s.record({ calls }, { optional: true }) }), {})).toMatchObject({ value: {} });
  });

  test("undefined counts as absent, null does not", () => {
    expect(validate(breaker, { scope: undefined }).ok).toBe(true);
    expect(problemsOf(breaker, { scope: null })).toMatchObject([{ code: "E_CONFIG_TYPE", found: "an empty value" }]);
  });

  test("a record with a required field must be written", () => {
    const schema = s.record({ redis: s.record({ url: text }) });
    expect(problemsOf(schema, {})).toEqual([
      { code: "E_CONFIG_REQUIRED", path: ["redis"], found: "nothing", allowed: "a record" },
    ]);
  });
});

test("all problems are found, each at its place", () => {
  const value = { failure_rate: 0, scpoe: "route", half_open: { calls: 1.5, timeout_seconds: "30" } };
  expect(problemsOf(breaker, value)).toEqual([
    {
      code: "E_CONFIG_UNKNOWN_KEY",
      path: ["scpoe"],
      found: '"scpoe"',
      allowed: "failure_rate, scope or half_open",
      nearest: "scope",
      atKey: true,
    },
    { code: "E_CONFIG_RANGE", path: ["failure_rate"], found: "0", allowed: "a number above 0 and at most 100" },
    { code: "E_CONFIG_TYPE", path: ["half_open", "calls"], found: "1.5", allowed: "a whole number at least 1" },
    {
      code: "E_CONFIG_TYPE",
      path: ["half_open", "timeout_seconds"],
      found: '"30"',
      allowed: "a number above 0",
      hint: "Leave out the quotes.",
    },
  ]);
});

describe("numbers", () => {
  const any = s.number({ description: "Any number at all." });
  const open = s.number({ above: 0, below: 1, description: "Between zero and one." });
  const whole = s.integer({ description: "Any whole number." });

  test.each([NaN, Infinity, -Infinity, "1", true, null, [], {}, 1n])("%s is none", (value) => {
    expect(problemsOf(any, value)).toMatchObject([{ code: "E_CONFIG_TYPE" }]);
  });

  test("minus zero becomes zero", () => {
    expect(validate(any, -0)).toMatchObject({ value: 0 });
    const result = validate(any, -0);
    expect(result.ok && Object.is(result.value, 0)).toBe(true);
  });

  test("above and below leave the bounds out, min and max do not", () => {
    expect([0, 0.5, 1].map((value) => validate(open, value).ok)).toEqual([false, true, false]);
    const closed = s.number({ min: 0, max: 1, description: "From zero to one." });
    expect([-0.1, 0, 1, 1.1].map((value) => validate(closed, value).ok)).toEqual([false, true, true, false]);
  });

  test("a whole number is one that a double holds exactly", () => {
    expect([2 ** 53 - 1, 2 ** 53, 1.5].map((value) => validate(whole, value).ok)).toEqual([true, false, false]);
  });
});

describe("text", () => {
  test("lengths count characters, not halves of them", () => {
    const short = s.string({ minLength: 1, maxLength: 2, description: "One or two letters." });
    expect(["", "💥💥", "abc"].map((value) => validate(short, value).ok)).toEqual([false, true, false]);
    expect(problemsOf(short, "")).toMatchObject([{ code: "E_CONFIG_LENGTH", allowed: "1 to 2 characters" }]);
  });

  test("a pattern is told in words where there are some", () => {
    const host = s.string({ pattern: "^[a-z.]+$", expects: "a host name", description: "Some host or other." });
    expect(problemsOf(host, "A B")).toMatchObject([
      { code: "E_CONFIG_PATTERN", found: '"A B"', allowed: "a host name" },
    ]);
  });

  test("half a character is refused", () => {
    expect(problemsOf(text, "a\ud800")).toMatchObject([{ code: "E_CONFIG_PATTERN" }]);
  });

  test("what was found is shown on one line, short, without invisible characters", () => {
    const one = s.oneOf(["a"], { description: "Just one choice." });
    expect(problemsOf(one, "x\n\u2028\u202e")[0]?.found).toBe('"x\\n\\u2028\\u202e"');
    expect(problemsOf(one, "x".repeat(500))[0]?.found.length).toBeLessThan(70);
  });
});

test("a wrong choice names the nearest one", () => {
  expect(problemsOf(breaker, { scope: "uptream" })).toMatchObject([
    { code: "E_CONFIG_ENUM", found: '"uptream"', allowed: '"route" or "upstream"', nearest: "upstream" },
  ]);
});

describe("lists", () => {
  const few = s.list(text, { minItems: 1, maxItems: 2, unique: true, description: "One or two texts." });

  test("are counted", () => {
    expect(problemsOf(few, [])).toMatchObject([{ code: "E_CONFIG_LENGTH", found: "0 items", allowed: "1 to 2 items" }]);
    expect(problemsOf(few, ["a", "b", "c"])).toMatchObject([{ code: "E_CONFIG_LENGTH", found: "3 items" }]);
  });

  test("name the item that comes twice", () => {
    expect(problemsOf(few, ["a", "a"])).toMatchObject([{ code: "E_CONFIG_DUPLICATE", path: [1], found: '"a"' }]);
  });

  test("with holes are lists with missing items", () => {
    expect(problemsOf(few, new Array(1))).toMatchObject([{ code: "E_CONFIG_TYPE", path: [0], found: "nothing" }]);
  });
});

describe("maps", () => {
  const limits = s.map(s.integer({ min: 0, description: "The limit for one." }), {
    keyPattern: "^[a-z_]+$",
    maxEntries: 2,
    description: "Limits by their name.",
  });

  test("check names and values", () => {
    expect(problemsOf(limits, { "A B": 1, free: -1 })).toMatchObject([
      { code: "E_CONFIG_PATTERN", path: ["A B"], atKey: true },
      { code: "E_CONFIG_RANGE", path: ["free"] },
    ]);
    expect(problemsOf(limits, { a: 1, b: 1, c: 1 })).toMatchObject([{ code: "E_CONFIG_LENGTH", found: "3 entries" }]);
  });

  test("names of Object.prototype are names like all others", () => {
    const result = validate(limits, JSON.parse('{"__proto__": 1, "constructor": 2}'));
    expect(result.ok && Object.entries(result.value)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    expect(({} as Record<string, unknown>)["free"]).toBeUndefined();
  });
});

test("keys of Object.prototype are unknown keys of a record, and never found by accident", () => {
  const codes = problemsOf(breaker, JSON.parse('{"__proto__": {"scope": "x"}, "toString": 1}'));
  expect(codes.map(({ code, path }) => [code, path])).toEqual([
    ["E_CONFIG_UNKNOWN_KEY", ["__proto__"]],
    ["E_CONFIG_UNKNOWN_KEY", ["toString"]],
  ]);
});

describe("either", () => {
  const workers = s.either(
    [s.oneOf(["auto"], { description: "As many as cores." }), s.integer({ min: 1, description: "Exactly so many." })],
    { description: "How many workers there are." },
  );

  test("goes by the type of the value", () => {
    expect(["auto", 3].map((value) => validate(workers, value).ok)).toEqual([true, true]);
    expect(problemsOf(workers, 0)).toMatchObject([{ code: "E_CONFIG_RANGE", allowed: "a whole number at least 1" }]);
  });

  test("a value that fits none is told all that is allowed", () => {
    const allowed = '"auto" or a whole number at least 1';
    expect(problemsOf(workers, [])).toMatchObject([{ code: "E_CONFIG_TYPE", found: "a list", allowed }]);
    expect(problemsOf(workers, "atuo")).toMatchObject([{ code: "E_CONFIG_ENUM", allowed, nearest: "auto" }]);
    expect(problemsOf(workers, "3")).toMatchObject([{ allowed, hint: "Leave out the quotes." }]);
  });
});

describe("secrets", () => {
  const secret = s.string({ pattern: "^[a-z]+$", secret: true, description: "The password to use." });
  const secrets = s.record({
    one: secret,
    many: s.list(text, { secret: true, unique: true, description: "Many secret things." }),
    tree: s.map(s.number({ description: "A secret number." }), { secret: true, description: "A map of secrets." }),
  });

  test("never appear in a problem", () => {
    const problems = problemsOf(secrets, { one: "HUSH1", many: ["HUSH2", "HUSH2", 3], tree: { a: "HUSH4" } });
    expect(problems.length).toBe(4);
    expect(JSON.stringify(problems)).not.toContain("HUSH");
    expect(problems[0]?.found).toBe("secret text");
  });
});

describe("check", () => {
  const range = s.record(
    {
      min: s.number({ default: 1, description: "The lower bound." }),
      max: s.number({ description: "The upper bound." }),
    },
    { check: ({ min, max }) => (min > max ? "min must not be above max" : undefined) },
  );

  test("runs on the filled-in record", () => {
    expect(problemsOf(s.record({ range }), { range: { max: 0 } })).toEqual([
      { code: "E_CONFIG_CHECK", path: ["range"], found: "a record", allowed: "min must not be above max" },
    ]);
    expect(validate(range, { max: 2 }).ok).toBe(true);
  });

  test("does not run on a record with other problems", () => {
    expect(problemsOf(range, { min: "x", max: 0 }).map(({ code }) => code)).toEqual(["E_CONFIG_TYPE"]);
  });
});

test("use of something deprecated is a warning, also beside problems", () => {
  const schema = s.record({
    old: s.number({ optional: true, deprecated: "use new instead", description: "The old way to say it." }),
  });
  const warnings = [{ code: "W_CONFIG_DEPRECATED", path: ["old"], instead: "use new instead" }];
  expect(validate(schema, { old: 1 })).toEqual({ ok: true, value: { old: 1 }, warnings });
  expect(validate(schema, { old: "x" })).toMatchObject({ ok: false, warnings });
  expect(validate(schema, {})).toMatchObject({ warnings: [] });
});
