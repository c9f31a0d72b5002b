import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSeconds } from "./open-time.ts";

describe("openSeconds", () => {
  it("doubles up to the maximum", () => {
    const times = [1, 2, 3, 4, 5, 6].map((attempt) => openSeconds(attempt, 30, 2, 300, 0, 0.5));
    expect(times).toEqual([30, 60, 120, 240, 300, 300]);
  });

  it("stays the same with multiplier 1, whatever the attempt", () => {
    expect(openSeconds(1e9, 30, 1, 300, 0, 0.5)).toBe(30);
  });

  it("spreads evenly on both sides", () => {
    expect(openSeconds(1, 30, 2, 300, 0.1, 0)).toBeCloseTo(27);
    expect(openSeconds(1, 30, 2, 300, 0.1, 0.999999)).toBeCloseTo(33);
  });

  it("stays within its bounds and never shrinks from attempt to attempt", () => {
    const seconds = fc.double({ min: 0.1, max: 86400, noNaN: true });
    const fraction = fc.double({ min: 0, max: 0.9, noNaN: true });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const multiplier = fc.double({ min: 1, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        seconds,
        seconds,
        multiplier,
        fraction,
        random,
        (attempt, a, b, m, j, r) => {
          const [first, max] = a < b ? [a, b] : [b, a];
          const time = openSeconds(attempt, first, m, max, j, r);
          expect(time).toBeGreaterThanOrEqual(first * (1 - j) * (1 - 1e-12));
          expect(time).toBeLessThanOrEqual(max * (1 + j) * (1 + 1e-12));
          expect(openSeconds(attempt + 1, first, m, max, j, r)).toBeGreaterThanOrEqual(time);
        },
      ),
    );
  });
});
