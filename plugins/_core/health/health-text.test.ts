import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileValues } from "../../../test/harness/hostile-values.ts";
import { conditionRows, readConditions, type Conditions } from "./health-text.ts";
import { conditionOf, GOOD_VERDICT, NO_EJECTION, type Ejection, type Verdict } from "./peer-condition.ts";

const NOW = 1_700_000_000;

/** As it goes through shared memory. */
const through = (conditions: Conditions): Conditions =>
  readConditions(JSON.parse(JSON.stringify(conditionRows(conditions))));

const text = fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom(...hostileValues));
const key = fc.tuple(text, fc.nat(65_535)).map(([host, port]) => `h${host}:${String(port)}`);
const verdict: fc.Arbitrary<Verdict> = fc.record({
  unhealthy: fc.boolean(),
  draining: fc.boolean(),
  share: fc.constantFrom(1, 0.5, 0.01),
  note: text,
});
const ejection: fc.Arbitrary<Ejection> = fc.record({
  untilSeconds: fc.constantFrom(0, NOW + 30.125),
  count: fc.nat(100),
  returnedSeconds: fc.constantFrom(0, NOW),
  note: text,
});
const row = fc.tuple(key, verdict, ejection);

describe("the text of all conditions", () => {
  it("is read as it was written, whatever is in the keys and notes", () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const conditions: Conditions = Object.fromEntries(
          rows.map(([name, one, two]) => [name, conditionOf(one, two)]),
        );
        const wanted = Object.fromEntries(Object.entries(conditions).filter(([, one]) => one !== undefined));
        expect(through(conditions)).toEqual(wanted);
      }),
    );
  });

  it("leaves out who is well", () => {
    expect(conditionOf(GOOD_VERDICT, NO_EJECTION)).toBeUndefined();
    expect(conditionRows({ "10.0.0.1:80": undefined })).toEqual([]);
  });

  it("has no names of fields: about 90 bytes a peer", () => {
    const sick = conditionOf(
      { ...GOOD_VERDICT, unhealthy: true, note: "3 probes failed: connection refused" },
      NO_EJECTION,
    );
    expect(JSON.stringify(conditionRows({ "10.123.123.123:8080": sick })).length).toBeLessThan(90);
  });
});

describe("garbage in its place", () => {
  it("never throws, and gives nothing but sound conditions under sound keys", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.array(fc.jsonValue(), { minLength: 7 }))), (document) => {
        const found = readConditions(
          JSON.parse(JSON.stringify(document), (_name, value: unknown) => value ?? undefined),
        );
        for (const [name, condition] of Object.entries(found)) {
          expect(name).toMatch(/:.*[0-9]$/s);
          if (condition === undefined) continue;
          const { share, ejections, ejectedUntilSeconds } = condition;
          expect([share > 0 && share <= 1, ejections >= 0, ejectedUntilSeconds >= 0]).toEqual([true, true, true]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["no list", 7],
    ["a text", "10.0.0.1:80"],
    ["a row that is no list", ["10.0.0.1:80", 3]],
    ["a name that tables have", [["__proto__", 1, 0, 1, "", 0, 0, 0, ""]]],
    ["a key without a port", [["10.0.0.1:x", 1, 0, 1, "", 0, 0, 0, ""]]],
    ["a key that is no text", [[80, 1, 0, 1, "", 0, 0, 0, ""]]],
    ["no share", [["10.0.0.1:80", 1, 0, 0, "", 0, 0, 0, ""]]],
    ["a share above 1", [["10.0.0.1:80", 1, 0, 2, "", 0, 0, 0, ""]]],
    ["a time below 0", [["10.0.0.1:80", 1, 0, 1, "", -1, 0, 0, ""]]],
    ["a time beyond all", [["10.0.0.1:80", 1, 0, 1, "", 1e300, 0, 0, ""]]],
    ["too short a row", [["10.0.0.1:80", 1, 0, 1]]],
    ["nothing", undefined],
  ])("is skipped: %s", (_what, document) => {
    expect(readConditions(document)).toEqual({});
  });

  it("costs only the row that it is in", () => {
    const good = ["10.0.0.1:80", 1, 0, 1, "down", 0, 0, 0, ""];
    expect(Object.keys(readConditions([good, ["x"], 5, ["10.0.0.2:80", 1, 0, 0.5, 0, 0, 0, 0, 0]]))).toEqual([
      "10.0.0.1:80",
      "10.0.0.2:80",
    ]);
  });
});
