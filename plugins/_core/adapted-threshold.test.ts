import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adaptedThreshold, type Criticality } from "./adapted-threshold.ts";

const criticality = fc.constantFrom<Criticality>("low", "normal", "high");
const base = fc.double({ min: 0.001, max: 100, noNaN: true });
const pressure = fc.double({ min: 0, max: 1, noNaN: true });

describe("adaptedThreshold", () => {
  it("is what was configured without pressure", () => {
    expect(adaptedThreshold(50, "low", 0)).toBe(50);
  });

  it("falls the more the less the traffic matters", () => {
    const full = (["low", "normal", "high"] as const).map((level) => adaptedThreshold(50, level, 1));
    expect(full[0]).toBeCloseTo(20);
    expect(full[1]).toBeCloseTo(30);
    expect(full[2]).toBeCloseTo(45);
  });

  it("keeps to the floor of 5 percent, and to a base below that", () => {
    expect(adaptedThreshold(6, "low", 1)).toBe(5);
    expect(adaptedThreshold(2, "low", 1)).toBe(2);
  });

  it("takes pressure outside of 0 to 1 as the nearer end, and NaN as none", () => {
    expect(adaptedThreshold(50, "normal", 7)).toBe(adaptedThreshold(50, "normal", 1));
    expect(adaptedThreshold(50, "normal", -1)).toBe(50);
    expect(adaptedThreshold(50, "normal", NaN)).toBe(50);
  });

  it("never rises with pressure, and lies between floor and base", () => {
    fc.assert(
      fc.property(base, criticality, pressure, pressure, (percent, level, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const calm = adaptedThreshold(percent, level, less);
        const loaded = adaptedThreshold(percent, level, more);
        expect(loaded).toBeLessThanOrEqual(calm);
        expect(calm).toBeLessThanOrEqual(percent);
        expect(loaded).toBeGreaterThanOrEqual(Math.min(percent, Math.max(5, percent * 0.3)));
      }),
    );
  });
});
