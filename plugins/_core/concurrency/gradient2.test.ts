import fc from "fast-check";
import { expect, test } from "vitest";
import { gradient2Limit, gradientOf } from "./gradient2.ts";

const seconds = fc.double({ min: 1e-4, max: 600, noNaN: true });

test.each([
  [0.1, 0.1, 1],
  [0.1, 0.15, 1],
  [0.1, 0.2, 0.75],
  [0.1, 0.3, 0.5],
  [0.1, 9, 0.5],
])("gradient of %f s without load and %f s", (baseline, latency, gradient) => {
  expect(gradientOf(baseline, latency)).toBeCloseTo(gradient, 12);
});

test("rises by 0.8 while latency is tolerated, falls by a tenth less 0.8 at worst", () => {
  expect(gradient2Limit(20, 0.1, 0.1)).toBeCloseTo(20.8, 12);
  expect(gradient2Limit(100, 0.1, 5)).toBeCloseTo(90.8, 12);
});

test("the longer the latency, the lower the limit", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e5, noNaN: true }), seconds, seconds, seconds, (limit, baseline, a, b) => {
      const [quick, slow] = a < b ? [a, b] : [b, a];
      expect(gradient2Limit(limit, baseline, slow)).toBeLessThanOrEqual(gradient2Limit(limit, baseline, quick));
    }),
  );
});
