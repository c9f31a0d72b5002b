import fc from "fast-check";
import { expect, it } from "vitest";
import { bucketOf, newBucketIndex } from "./bucket-index.ts";

/** What it must be: the first bound that is not below the duration, which nginx knows to the millisecond. */
function linear(bounds: readonly number[], seconds: number): number {
  const rounded = Math.floor(seconds * 1000 + 0.5) / 1000;
  const found = bounds.findIndex((bound) => rounded <= bound);
  return found < 0 ? bounds.length : found;
}

const bounds = fc
  .uniqueArray(
    fc.oneof(
      fc.integer({ min: 1, max: 3_600_000 }).map((ms) => ms / 1000),
      fc.integer({ min: 1, max: 1100 }).map((ms) => ms / 1000),
      fc.double({ min: 1e-6, max: 3600, noNaN: true }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((list) => list.sort((a, b) => a - b));

it("equals a linear search, whatever the buckets and the duration", () => {
  fc.assert(
    fc.property(
      bounds,
      fc.array(
        fc.oneof(
          fc.double({ min: 0, max: 4000, noNaN: true }),
          fc.integer({ min: 0, max: 2000 }).map((ms) => ms / 1000),
          fc.integer({ min: 1020, max: 1030 }).map((ms) => ms / 1000),
        ),
        { maxLength: 50 },
      ),
      (list, durations) => {
        const index = newBucketIndex(list);
        for (const seconds of durations) expect(bucketOf(index, seconds)).toBe(linear(list, seconds));
      },
    ),
    { numRuns: 500 },
  );
});

it("puts a duration at a bound into its bucket, in spite of how floats are", () => {
  const index = newBucketIndex([0.005, 0.01, 1, 2.5]);
  // Two times of nginx's clock and what is between them.
  const now = 1_763_789_000.128;
  expect(bucketOf(index, now - 1_763_789_000.123)).toBe(0);
  expect(bucketOf(index, now - 1_763_789_000.118)).toBe(1);
  expect(bucketOf(index, now - 1_763_789_000.117)).toBe(2);
  expect([bucketOf(index, 2.5), bucketOf(index, 2.501), bucketOf(index, 1e9)]).toEqual([3, 4, 4]);
});

it("takes a negative duration for none", () => {
  expect(bucketOf(newBucketIndex([0.005]), -1)).toBe(0);
});
