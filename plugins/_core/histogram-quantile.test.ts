import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { histogramQuantile } from "./histogram-quantile.ts";

const BOUNDS = [0.1, 0.5, 1];

describe("histogramQuantile", () => {
  test("nothing was seen: there is no value", () => {
    expect(histogramQuantile(0.5, BOUNDS, [0, 0, 0, 0])).toBeUndefined();
  });

  test("is linear within a bucket, the first one beginning at 0", () => {
    expect(histogramQuantile(0.5, BOUNDS, [10, 0, 0, 0])).toBeCloseTo(0.05, 12);
    expect(histogramQuantile(0.75, BOUNDS, [2, 2, 0, 0])).toBeCloseTo(0.3, 12);
  });

  test("beyond the last bound it is the last bound", () => {
    expect(histogramQuantile(0.99, BOUNDS, [0, 0, 0, 5])).toBe(1);
  });

  test("lies in the bucket of the observation it stands for, and rises with q", () => {
    const observations = fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 50 });
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(observations, share, share, (seconds, a, b) => {
        const counts = [0, 0, 0, 0];
        const bucket = (value: number): number => BOUNDS.findIndex((bound) => value <= bound);
        for (const value of seconds) counts[bucket(value)] = (counts[bucket(value)] ?? 0) + 1;
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const found = histogramQuantile(low, BOUNDS, counts) ?? NaN;
        const exact = seconds.toSorted((x, y) => x - y)[Math.max(0, Math.ceil(low * seconds.length) - 1)] ?? NaN;
        const at = bucket(exact);
        expect(found).toBeGreaterThanOrEqual(BOUNDS[at - 1] ?? 0);
        expect(found).toBeLessThanOrEqual((BOUNDS[at] ?? 0) + 1e-9);
        expect(histogramQuantile(high, BOUNDS, counts)).toBeGreaterThanOrEqual(found - 1e-9);
      }),
    );
  });
});
