import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calmerCount, ejectionSeconds, longestEjection, mayEject, mostEjected, nextCount } from "./ejection.ts";

const seconds = fc.double({ min: 0.1, max: 86_400, noNaN: true });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("the time of an ejection", () => {
  it.each([
    [1, 30],
    [2, 60],
    [9, 270],
    [10, 300],
    [11, 300],
  ])("grows with each ejection up to the longest: ejection %d is %d seconds", (count, expected) => {
    expect(ejectionSeconds(30, count, 300, 0)).toBe(expected);
  });

  it("is spread by up to a tenth", () => {
    expect(ejectionSeconds(30, 1, 300, 0.5)).toBeCloseTo(31.5);
    expect(longestEjection(30, 300)).toBeCloseTo(330);
  });

  it("is never shorter than the first one nor longer than the longest, and grows", () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 1, max: 1000 }), seconds, random, (base, count, most, spread) => {
        const time = ejectionSeconds(base, count, most, spread);
        expect(time).toBeGreaterThanOrEqual(base);
        expect(time).toBeLessThanOrEqual(longestEjection(base, most));
        expect(ejectionSeconds(base, count + 1, most, spread)).toBeGreaterThanOrEqual(time);
      }),
    );
  });
});

describe("the multiplier", () => {
  it("stops where the time stops", () => {
    expect([0, 1, 8, 9, 10].map((count) => nextCount(count, 30, 300))).toEqual([1, 2, 9, 10, 10]);
    expect(nextCount(0, 30, 10)).toBe(1);
  });

  it("falls by one for an interval without an ejection, and not below 0", () => {
    expect(calmerCount(3, 100, 110, 10)).toBe(2);
    expect(calmerCount(3, 100, 109.9, 10)).toBe(3);
    expect(calmerCount(0, 100, 200, 10)).toBe(0);
  });

  it("falls as well when the clock was set back behind the return", () => {
    expect(calmerCount(3, 1000, 100, 10)).toBe(2);
  });

  it("gets from the top to nothing in as many intervals as it took to get there", () => {
    fc.assert(
      fc.property(seconds, seconds, (base, most) => {
        fc.pre(most / base < 500);
        let up = 0;
        let count = 0;
        while (nextCount(count, base, most) > count) {
          count = nextCount(count, base, most);
          up += 1;
        }
        expect(ejectionSeconds(base, count, most, 0)).toBe(Math.max(base, most));
        for (let down = 0; down < up; down++) count = calmerCount(count, 0, 10, 10);
        expect(count).toBe(0);
      }),
    );
  });
});

describe("how many may be ejected", () => {
  it.each([
    [10, 1, 1],
    [10, 19, 1],
    [10, 20, 2],
    [10, 5000, 500],
    [0, 100, 1],
    [100, 7, 7],
  ])("%d percent of %d are %d, one at least", (percent, total, most) => {
    expect(mostEjected(percent, total)).toBe(most);
  });

  it("does not pass the percentage", () => {
    expect(mayEject(10, 20, 1, true)).toBe(true);
    expect(mayEject(10, 20, 2, true)).toBe(false);
  });

  it("never takes the last peer that takes requests", () => {
    expect(mayEject(100, 20, 0, false)).toBe(false);
  });
});
