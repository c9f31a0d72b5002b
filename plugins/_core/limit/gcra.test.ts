import fc from "fast-check";
import { expect, test } from "vitest";
import { gcraAdmits, gcraHorizon, gcraRemaining, gcraRetry, gcraStep } from "./gcra.ts";

const limit = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
const windowSeconds = fc.double({ min: 0.1, max: 2_678_400, noNaN: true });
const burst = fc.double({ min: 1, max: 1e6, noNaN: true });

test("a step is a window's share, on a grid that sums are exact on", () => {
  expect(gcraStep(100, 60)).toBeCloseTo(0.6, 6);
  expect(gcraStep(100, 60) * 16_777_216).toBe(Math.round(gcraStep(100, 60) * 16_777_216));
  fc.assert(
    fc.property(limit, windowSeconds, (quota, length) => {
      const step = gcraStep(quota, length);
      // Never more than the limit, and hardly less.
      expect(step).toBeGreaterThanOrEqual(length / quota);
      expect(step).toBeLessThanOrEqual(Math.max((length / quota) * 1.0001, 1 / 16_777_216));
    }),
  );
});

test("a higher limit never makes a step longer", () => {
  fc.assert(
    fc.property(limit, limit, windowSeconds, (one, other, length) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      expect(gcraStep(high, length)).toBeLessThanOrEqual(gcraStep(low, length) * 1.0001);
    }),
  );
});

test("from a full bucket the burst passes, one after the other, and no more", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e5, noNaN: true }), windowSeconds, fc.nat(200), (quota, length, size) => {
      const step = gcraStep(quota, length);
      const tolerance = step * (size + 1);
      // Buckets that take longer to fill than eight years need not be exact.
      fc.pre(tolerance < 2 ** 28);
      let ahead = 0;
      let passed = 0;
      while (gcraAdmits(ahead + step, tolerance, step) && passed < 300) {
        ahead += step;
        passed += 1;
        expect(Math.floor(gcraRemaining(ahead, tolerance, step) + 1e-6)).toBe(size + 1 - passed);
      }
      expect(passed).toBe(size + 1);
      // What is refused passes when it is said to, and not a moment sooner.
      const wait = gcraRetry(ahead, tolerance, step);
      expect(gcraAdmits(ahead + step - wait, tolerance, step)).toBe(true);
      expect(gcraAdmits(ahead + step - wait * 0.99, tolerance, step)).toBe(false);
    }),
  );
});

test("what is left is never negative, nor no number, wherever the TAT is", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      limit,
      windowSeconds,
      burst,
      (ahead, quota, length, most) => {
        const step = gcraStep(quota, length);
        const left = gcraRemaining(ahead, step * most, step);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(left)).toBe(true);
        expect(gcraRetry(ahead, step * most, step)).toBeGreaterThanOrEqual(0);
        expect(gcraHorizon(step * most, length)).toBeGreaterThan(step * most);
      },
    ),
  );
});

test("of a cost above the burst it is told when the bucket is full", () => {
  expect(gcraRetry(3, 6, 60)).toBe(3);
});
