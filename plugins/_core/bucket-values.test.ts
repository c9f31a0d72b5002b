import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketValues } from "./bucket-values.ts";

const BOUNDS = [0.005, 0.1, 1, 10];
const durations = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });

function histogram(values: readonly number[]): number[] {
  const counts = [...BOUNDS, 0].map(() => 0);
  for (const value of values) {
    const found = BOUNDS.findIndex((bound) => value <= bound);
    counts[found < 0 ? BOUNDS.length : found]! += 1;
  }
  return counts;
}

test("the mean is right and every value lies in its bucket", () => {
  fc.assert(
    fc.property(durations, (values) => {
      const counts = histogram(values);
      const sum = values.reduce((total, value) => total + value, 0);
      const stands = bucketValues(BOUNDS, counts, sum);
      const total = stands.reduce((part, value, index) => part + value * (counts[index] ?? 0), 0);
      expect(total).toBeCloseTo(sum, 6);
      stands.forEach((value, index) => {
        expect(value).toBeGreaterThanOrEqual((BOUNDS[index - 1] ?? 0) - 1e-9);
        expect(value).toBeLessThanOrEqual((BOUNDS[index] ?? Infinity) + 1e-9);
      });
    }),
    { numRuns: 2000 },
  );
});

test("a sum that cannot be stays within the buckets", () => {
  expect(bucketValues([1, 2], [1, 0, 0], 50)).toEqual([1, 2, 4]);
  expect(bucketValues([1, 2], [0, 1, 0], 0)).toEqual([0, 1, 2]);
  expect(bucketValues([1, 2], [0, 0, 0], 0)).toEqual([0, 1, 2]);
});
