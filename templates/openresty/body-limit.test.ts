import fc from "fast-check";
import { expect, test } from "vitest";
import { aboveRegex, largestLimit } from "./body-limit.ts";

test("the regex takes the numbers above the limit, and only those", () => {
  const around = fc.nat({ max: 2 ** 40 }).chain((limit) => {
    const near = fc.integer({ min: Math.max(0, limit - 20), max: limit + 20 });
    return fc.tuple(fc.constant(limit), fc.oneof(near, fc.nat({ max: 2 ** 50 })), fc.constantFrom("", "0", "000"));
  });
  fc.assert(
    fc.property(around, ([limit, length, zeros]) => {
      expect(new RegExp(aboveRegex(limit)).test(`${zeros}${String(length)}`)).toBe(length > limit);
    }),
  );
});

test("no limit is the largest limit", () => {
  expect(largestLimit([{ maxBodyBytes: 5 }, { maxBodyBytes: 7 }])).toBe(7);
  expect(largestLimit([{ maxBodyBytes: 5 }, { maxBodyBytes: 0 }])).toBe(0);
});
