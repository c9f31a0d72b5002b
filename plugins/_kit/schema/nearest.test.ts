import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearest } from "./nearest.ts";

test.each([
  ["", "", 0],
  ["a", "", 1],
  ["timeout", "timeouts", 1],
  ["atuo", "auto", 1],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
])("%j to %j takes %i edits", (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

test("the distance is the same both ways, and zero only to itself", () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

const NAMES = ["listen", "admin", "workers", "strip_prefix", "timeouts", "on"];

test.each([
  ["worker", "workers"],
  ["Workers", "workers"],
  ["stripPrefix", "strip_prefix"],
  ["timeuots", "timeouts"],
  ["no", "on"],
  ["frobnicate", undefined],
  ["x", undefined],
  ["", undefined],
  ["w".repeat(100_000), undefined],
])("%.20s means %s", (name, meant) => {
  expect(nearest(name, NAMES)).toBe(meant);
});

test("of two names the nearer one is taken, of equal ones the first", () => {
  expect(nearest("http2x", ["http", "http2"])).toBe("http2");
  expect(nearest("hat", ["cat", "bat"])).toBe("cat");
});
