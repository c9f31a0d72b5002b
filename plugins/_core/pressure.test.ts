import fc from "fast-check";
import { expect, test } from "vitest";
import { samplePressure, smoothPressure } from "./pressure.ts";

test("an idle worker has no pressure, a saturated or late one has all of it", () => {
  expect(samplePressure(0.6, 0)).toBe(0);
  expect(samplePressure(0.75, 0)).toBeCloseTo(0.5, 9);
  expect(samplePressure(0.9, 0)).toBe(1);
  expect(samplePressure(0, 0.25)).toBe(1);
});

test("pressure stays in [0, 1] and rises with either sign", () => {
  const share = fc.double({ min: 0, max: 4, noNaN: true });
  const lag = fc.double({ min: -1, max: 100, noNaN: true });
  fc.assert(
    fc.property(share, share, lag, lag, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, c, d, before) => {
      const low = samplePressure(Math.min(a, b), Math.min(c, d));
      const high = samplePressure(Math.max(a, b), Math.max(c, d));
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(high).toBeGreaterThanOrEqual(low);
      const smooth = smoothPressure(before, high);
      expect(smooth).toBeGreaterThanOrEqual(Math.min(before, high) - 1e-12);
      expect(smooth).toBeLessThanOrEqual(Math.max(before, high) + 1e-12);
    }),
  );
});
