import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tierShare, type Clients } from "./tier-share.ts";

const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const floor = fc.double({ min: 0.01, max: 1, noNaN: true });
const clients = fc.constantFrom<Clients>("all", "surging", "usual");
/** The last digits of sums. */
const LITTLE = 1e-9;

describe("tierShare", () => {
  it("gives the tier with the floor of all exactly the loop's share", () => {
    for (const one of [1, 0.8, 0.55, 0.1]) expect(tierShare(one, 0.1, 0.1, "all")).toBeCloseTo(one, 12);
  });

  it("cuts gold last, never below its floor, and a tier with floor 1 never", () => {
    expect(tierShare(0.5, 0.1, 0.6, "all")).toBe(1);
    expect(tierShare(0.4, 0.1, 0.6, "all")).toBeCloseTo(0.9);
    expect(tierShare(0.1, 0.1, 0.6, "all")).toBe(0.6);
    for (const one of [0.9, 0.5, 0.1]) expect(tierShare(one, 0.1, 1, "all")).toBe(1);
  });

  it("is what the formula with the beginning of each tier says", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), floor, floor, (x, base, own) => {
        fc.pre(base < 0.999 && own < 0.999);
        const begins = Math.max(0, (own - base) / (1 - base));
        const borne = Math.max(0, (x - begins) / (1 - begins));
        expect(tierShare(1 - x * (1 - base), base, own, "all")).toBeCloseTo(1 - borne * (1 - own), 9);
      }),
    );
  });

  it("cuts surging clients in the first half of the stress, the others in the second", () => {
    expect(tierShare(0.55, 0.1, 0.1, "surging")).toBeCloseTo(0.1);
    expect(tierShare(0.55, 0.1, 0.1, "usual")).toBe(1);
    expect(tierShare(0.325, 0.1, 0.1, "usual")).toBeCloseTo(0.55);
    expect(tierShare(0.1, 0.1, 0.1, "usual")).toBe(0.1);
    expect(tierShare(0.1, 0.1, 0.1, "surging")).toBe(0.1);
  });

  it("scales all floors where people ask for less than the floor", () => {
    expect(tierShare(0.05, 0.1, 0.1, "all")).toBe(0.05);
    expect(tierShare(0.05, 0.1, 0.8, "surging")).toBeCloseTo(0.4);
    expect(tierShare(0.5, 1, 1, "all")).toBe(0.5);
  });

  it("lies between the tier's floor and 1, or below it where it was asked for", () => {
    fc.assert(
      fc.property(share, floor, floor, clients, (one, base, own, who) => {
        const given = tierShare(one, base, own, who);
        expect(given).toBeGreaterThan(0);
        expect(given).toBeLessThanOrEqual(1);
        if (one >= base) expect(given).toBeGreaterThanOrEqual(own - LITTLE);
      }),
    );
  });

  it("never rises with the stress, surging clients never get more than others, gold never less than free", () => {
    fc.assert(
      fc.property(share, share, floor, floor, floor, clients, (a, b, base, f, g, who) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(tierShare(less, base, f, who)).toBeLessThanOrEqual(tierShare(more, base, f, who) + LITTLE);
        expect(tierShare(a, base, f, "surging")).toBeLessThanOrEqual(tierShare(a, base, f, "all") + LITTLE);
        expect(tierShare(a, base, f, "all")).toBeLessThanOrEqual(tierShare(a, base, f, "usual") + LITTLE);
        const [free, gold] = [Math.min(f, g), Math.max(f, g)];
        expect(tierShare(a, base, free, who)).toBeLessThanOrEqual(tierShare(a, base, gold, who) + LITTLE);
      }),
      { numRuns: 2000 },
    );
  });
});
