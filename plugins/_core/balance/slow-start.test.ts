import fc from "fast-check";
import { expect, it } from "vitest";
import { slowStartFactor } from "./slow-start.ts";

it("rises in a straight line with aggression 1, from a tenth on", () => {
  expect([0, 3, 6, 30, 45, 60, 90].map((elapsed) => slowStartFactor(elapsed, 60, 1))).toEqual([
    0.1, 0.1, 0.1, 0.5, 0.75, 1, 1,
  ]);
});

it("rises sooner with more aggression, later with less", () => {
  expect(slowStartFactor(15, 60, 2)).toBeCloseTo(0.5);
  expect(slowStartFactor(30, 60, 0.5)).toBeCloseTo(0.25);
});

it("is whole at once without a window", () => {
  expect([-1, 0, 1].map((elapsed) => slowStartFactor(elapsed, 0, 1))).toEqual([1, 1, 1]);
});

it("begins where a clock was set back a little, and is over where it was set back by more than a window", () => {
  expect(slowStartFactor(-1, 60, 1)).toBe(0.1);
  expect(slowStartFactor(-3600, 60, 1)).toBe(1);
});

it("never falls, and stays between a tenth and one", () => {
  const elapsed = fc.double({ min: 0, max: 1000, noNaN: true });
  const window = fc.double({ min: 0, max: 3600, noNaN: true });
  fc.assert(
    fc.property(
      elapsed,
      elapsed,
      window,
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (a, b, seconds, aggression) => {
        const earlier = slowStartFactor(Math.min(a, b), seconds, aggression);
        const later = slowStartFactor(Math.max(a, b), seconds, aggression);
        expect(earlier).toBeGreaterThanOrEqual(0.1);
        expect(later).toBeGreaterThanOrEqual(earlier);
        expect(later).toBeLessThanOrEqual(1);
      },
    ),
  );
});
