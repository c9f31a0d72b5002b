import fc from "fast-check";
import { parseList, type Item } from "structured-headers";
import { expect, test } from "vitest";
import { limitMember, policyMember, wholeRemaining, wholeSeconds } from "./limit-fields.ts";

/** A field as a client reads it: of each member its name and its parameters. */
function read(field: string): [unknown, Record<string, unknown>][] {
  return (parseList(field) as Item[]).map(([name, parameters]) => [name, Object.fromEntries(parameters)]);
}

const limit = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
const windowSeconds = fc.double({ min: 0.1, max: 2_678_400, noNaN: true });
const name = fc.stringMatching(/^[a-z0-9_.-]+$/);

test("a policy is told with its quota and its window", () => {
  expect(policyMember("default", 100, 60)).toBe('"default";q=100;w=60');
  expect(read(`${policyMember("a", 5, 1)}, ${policyMember("b", 1e6, 86_400)}`)).toEqual([
    ["a", { q: 5, w: 1 }],
    ["b", { q: 1_000_000, w: 86_400 }],
  ]);
});

test("what is no whole number is told by the next longer window", () => {
  expect(read(policyMember("short", 10, 0.1))).toEqual([["short", { q: 100, w: 1 }]]);
  expect(read(policyMember("rare", 0.5, 60))).toEqual([["rare", { q: 1, w: 120 }]]);
  expect(read(policyMember("cut", 33.4, 60))).toEqual([["cut", { q: 33, w: 60 }]]);
});

test("any policy is a list of structured fields with whole numbers, and promises no more than there is", () => {
  fc.assert(
    fc.property(name, limit, windowSeconds, (policy, quota, length) => {
      const [[told, { q, w }] = ["", {}]] = read(policyMember(policy, quota, length));
      expect(told).toBe(policy);
      expect(Number.isInteger(q) && Number.isInteger(w)).toBe(true);
      expect(q).toBeGreaterThanOrEqual(1);
      expect(w).toBeGreaterThanOrEqual(1);
      expect(Number(q) / Number(w)).toBeLessThanOrEqual((quota / length) * (1 + 1e-5));
    }),
  );
});

test("what is left is rounded down, the time until it is more is rounded up", () => {
  expect(limitMember('"default";r=', 9.9, 0.6)).toBe('"default";r=9;t=1');
  expect(limitMember('"default";r=', 9.9999999, 54)).toBe('"default";r=10;t=54');
  expect(limitMember('"default";r=', 1e-9, 1e-9)).toBe('"default";r=0;t=0');
  expect(Object.is(wholeSeconds(1e-9), 0)).toBe(true);
  fc.assert(
    fc.property(name, fc.double({ min: 0, max: 1e9, noNaN: true }), windowSeconds, (policy, remaining, reset) => {
      const field = limitMember(`"${policy}";r=`, remaining, reset);
      expect(read(field)).toEqual([[policy, { r: wholeRemaining(remaining), t: wholeSeconds(reset) }]]);
      expect(wholeRemaining(remaining)).toBeLessThanOrEqual(remaining + 1e-5);
      expect(wholeSeconds(reset)).toBeGreaterThanOrEqual(reset - 1e-5);
    }),
  );
});
