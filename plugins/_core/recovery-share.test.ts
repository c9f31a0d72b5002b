import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recoveryShare } from "./recovery-share.ts";

describe("recoveryShare", () => {
  it("rises in a straight line from a tenth", () => {
    expect([-5, 0, 1, 5, 9, 10, 100].map((elapsed) => recoveryShare(elapsed, 10))).toEqual([
      0.1, 0.1, 0.1, 0.5, 0.9, 1, 1,
    ]);
  });

  it("admits all at once without a recovery time", () => {
    expect(recoveryShare(0, 0)).toBe(1);
  });

  it("never falls", () => {
    const seconds = fc.double({ min: -10, max: 5000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, fc.double({ min: 0.001, max: 3600, noNaN: true }), (a, b, recovery) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        expect(recoveryShare(early, recovery)).toBeLessThanOrEqual(recoveryShare(late, recovery));
      }),
    );
  });
});
