import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { backOffSeconds, spreadSeconds } from "./back-off.ts";

describe("backOffSeconds", () => {
  test.each([
    [1, 2],
    [2, 4],
    [3, 8],
    [4, 16],
    [5, 30],
    [6, 30],
    [5000, 30],
  ])("after %i failures it is from 1 to %i seconds", (failures, bound) => {
    expect(backOffSeconds(failures, 0)).toBe(1);
    expect(backOffSeconds(failures, 0.5)).toBe(1 + (bound - 1) / 2);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const seconds = backOffSeconds(failures, random);
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(bound);
      }),
    );
  });
});

describe("spreadSeconds", () => {
  it("is never shorter, and at most a tenth longer", () => {
    expect([spreadSeconds(30, 0), spreadSeconds(30, 0.5), spreadSeconds(0, 0.9)]).toEqual([30, 31.5, 0]);
  });
});
