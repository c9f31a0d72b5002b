import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedKey, joinedParts } from "./key-text.ts";
import { numberText } from "./number-text.ts";
import { sharedBurst, sharedLimit } from "./quota-share.ts";
import { retryAfterSeconds } from "./retry-after.ts";

const ascii = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) });

test("no two lists of parts are joined to one text, whatever is in the parts", () => {
  expect(joinedParts("a", "=b")).toBe("1:a=b");
  fc.assert(
    fc.property(fc.tuple(ascii, ascii), fc.tuple(ascii, ascii), (one, other) => {
      expect(joinedParts(...one) === joinedParts(...other)).toBe(one.join("\u0000") === other.join("\u0000"));
    }),
  );
  expect(joinedParts("1:", "b")).not.toBe(joinedParts("1", ":b"));
});

test("long keys are cut, and stay apart", () => {
  expect(boundedKey("k".repeat(100))).toBe("k".repeat(100));
  const keys = Array.from({ length: 2000 }, (_, index) => boundedKey(`${"k".repeat(200)}${String(index)}`));
  expect(new Set(keys).size).toBe(2000);
  for (const key of keys) expect(key.length).toBeLessThan(100);
  expect(boundedKey(`a${"k".repeat(200)}`)).not.toBe(boundedKey(`b${"k".repeat(200)}`));
});

test("whole numbers are written as they are, as far as there is room for them", () => {
  for (const value of [0, 7, 2048, 1e9, 2 ** 31 - 1]) expect(numberText(value)).toBe(String(value));
  expect([numberText(1e12), numberText(-5)]).toEqual(["2147483647", "0"]);
});

test("Retry-After is never too early, and spread", () => {
  expect([0, 0.5, 1, 1.1].map((wait) => retryAfterSeconds(wait, 0))).toEqual([1, 1, 1, 2]);
  expect([0, 0.4, 0.6, 0.999].map((random) => retryAfterSeconds(10, random))).toEqual([10, 10, 11, 11]);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (wait, random) => {
        const seconds = retryAfterSeconds(wait, random);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(Math.max(1, wait));
        expect(seconds).toBeLessThanOrEqual(Math.ceil(wait) + Math.min(60, Math.ceil(wait * 0.1) + 1) + 1);
      },
    ),
  );
});

test("a share of a limit is never less than one request, nor more than the limit", () => {
  expect(sharedLimit(100, 0.5, 2, 1)).toBe(25);
  expect(sharedLimit(100, 0.01, 1000, 1)).toBe(1);
  expect(sharedLimit(100, 0.01, 1000, 5)).toBe(5);
  expect(sharedLimit(0.5, 0.01, 1000, 1)).toBe(0.5);
  expect([
    sharedBurst(undefined, 100, 1, 1, 1),
    sharedBurst(undefined, 5, 1, 1, 1),
    sharedBurst(40, 100, 0.5, 2, 1),
  ]).toEqual([10, 1, 10]);
  expect(sharedBurst(40, 100, 0.01, 1, 3)).toBe(3);
});
