import fc from "fast-check";
import { expect, test } from "vitest";
import { windowAdmits, windowElapsed, windowNumber, windowRemaining } from "./clock-window.ts";
import { slidingRetry, slidingUsed } from "./sliding-window.ts";

const at = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000);
const windowSeconds = fc.oneof(fc.constantFrom(0.1, 1, 60, 3600), fc.double({ min: 0.1, max: 2_678_400, noNaN: true }));
const cost = fc.double({ min: 0, max: 1e6, noNaN: true });
const limit = fc.double({ min: 1, max: 1e9, noNaN: true });

test("a moment is in one window, somewhere between its ends; later moments are in no earlier one", () => {
  fc.assert(
    fc.property(at, fc.nat(100_000), windowSeconds, (now, laterMs, length) => {
      const number = windowNumber(now, length);
      const elapsed = windowElapsed(now, length, number);
      expect(elapsed).toBeGreaterThanOrEqual(0);
      expect(elapsed).toBeLessThanOrEqual(length);
      expect(Math.abs(number * length + elapsed - now)).toBeLessThan(1e-5);
      expect(windowNumber(now + laterMs / 1000, length)).toBeGreaterThanOrEqual(number);
    }),
  );
});

test("what is used up to the limit passes, and what is left is never negative", () => {
  expect([windowAdmits(100, 100), windowAdmits(100.001, 100)]).toEqual([true, false]);
  // What doubles lose is forgiven.
  expect(windowAdmits(1 + 1e-10, 1)).toBe(true);
  fc.assert(
    fc.property(cost, limit, (used, most) => {
      const left = windowRemaining(used, most);
      expect(left).toBeGreaterThanOrEqual(0);
      if (left > 0) expect(windowAdmits(used, most)).toBe(true);
    }),
  );
});

test("the last window counts for less the longer it is over", () => {
  expect([0, 0.25, 0.5, 1].map((share) => slidingUsed(100, 10, share))).toEqual([110, 85, 60, 10]);
});

test("what is refused passes when it is said to, and not much sooner", () => {
  fc.assert(
    fc.property(
      cost,
      cost,
      cost,
      limit,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (previous, current, more, most, share) => {
        const length = 60;
        const elapsed = share * length;
        if (more > most || slidingUsed(previous, current + more, share) <= most) return;
        const used = (wait: number): number => {
          const moment = elapsed + wait;
          if (moment < length) return slidingUsed(previous, current + more, moment / length);
          return slidingUsed(current, more, Math.min(1, (moment - length) / length));
        };
        const wait = slidingRetry(previous, current, more, most, elapsed, length);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(used(wait)).toBeLessThanOrEqual(most * (1 + 1e-6) + 1e-6);
        if (wait > 0.01) expect(used(wait - 0.01)).toBeGreaterThan(most * (1 - 1e-9));
      },
    ),
    { numRuns: 2000 },
  );
});

test("of a cost above the limit it is told when both windows are over", () => {
  expect(slidingRetry(5, 5, 200, 100, 20, 60)).toBe(100);
});
