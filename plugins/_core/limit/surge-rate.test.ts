import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addCost, historyWeight, isSurging, newClientRate, usualRate, type ClientRate } from "./surge-rate.ts";

/** Sends so many requests a second for a while. @returns whether the last one was a surge */
function send(rate: ClientRate, from: number, seconds: number, perSecond: number, multiple = 5, cost = 1): boolean {
  let surging = false;
  for (let n = 1; n <= seconds * perSecond; n++) {
    addCost(rate, cost, from + n / perSecond);
    surging = isSurging(rate, cost, multiple);
  }
  return surging;
}

describe("a client's rate", () => {
  it("is what it sends, from the beginning", () => {
    const rate = newClientRate(0, 0, 0);
    send(rate, 0, 20, 10);
    expect(usualRate(rate)).toBeCloseTo(10, 0);
    send(rate, 20, 1800, 10);
    expect(usualRate(rate)).toBeCloseTo(10, 1);
  });

  it("a client that was there from the beginning does not surge by going on", () => {
    for (const perSecond of [1, 50]) expect(send(newClientRate(0, 0, 0), 0, 300, perSecond, 1.5)).toBe(false);
  });

  it("one that sends ten times of what it is used to surges, until it is used to that", () => {
    const rate = newClientRate(0, 0, 0);
    send(rate, 0, 1800, 1);
    expect(send(rate, 1800, 20, 10)).toBe(true);
    expect(send(rate, 1820, 40, 10)).toBe(true);
    expect(send(rate, 1860, 100, 10)).toBe(false);
  });

  it("one that doubles does not", () => {
    const rate = newClientRate(0, 0, 0);
    send(rate, 0, 1800, 5);
    expect(send(rate, 1800, 100, 10)).toBe(false);
  });

  it("a new one among many is ordinary while it sends what they do, and a flood at once", () => {
    expect(send(newClientRate(2, 1, 0), 0, 300, 2)).toBe(false);
    expect(send(newClientRate(2, 1, 0), 0, 10, 50)).toBe(true);
    // For about -600 * ln(1 - 1 / 5) seconds.
    expect(send(newClientRate(0.1, 1, 0), 0, 120, 50)).toBe(true);
    expect(send(newClientRate(0.1, 1, 0), 0, 200, 50)).toBe(false);
  });

  it("a few requests are no surge, however seldom they come", () => {
    const rate = newClientRate(0.001, 1, 0);
    for (let n = 0; n < 9; n++) addCost(rate, 1, 0);
    expect(isSurging(rate, 1, 2)).toBe(false);
    addCost(rate, 1, 0);
    expect(isSurging(rate, 1, 2)).toBe(true);
  });

  it("cost counts as so many requests, but one dear request is no surge", () => {
    const rate = newClientRate(1, 1, 0);
    addCost(rate, 1e6, 1);
    expect(isSurging(rate, 1e6, 2)).toBe(false);
  });

  it("the unit of cost does not matter", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 30, noNaN: true }), { maxLength: 60 }), (gaps) => {
        // A power of two scales without rounding.
        const one = newClientRate(1, 0.5, 0);
        const thousand = newClientRate(1024, 0.5, 0);
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          addCost(one, 1, now);
          addCost(thousand, 1024, now);
          expect(isSurging(one, 1, 3)).toBe(isSurging(thousand, 1024, 3));
        }
      }),
    );
  });

  it("is a number and not negative, whatever the clock does", () => {
    const time = fc.double({ min: -1e9, max: 2e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(time, fc.double({ min: 1e-6, max: 1e6, noNaN: true }))), (requests) => {
        const rate = newClientRate(1, historyWeight(30), 0);
        for (const [now, cost] of requests) {
          addCost(rate, cost, now);
          expect(rate.short).toBeGreaterThanOrEqual(0);
          expect(usualRate(rate)).toBeGreaterThanOrEqual(0);
          expect(rate.longWeight).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("historyWeight", () => {
  it("grows from 0 to 1", () => {
    expect(historyWeight(0)).toBe(0);
    expect(historyWeight(-5)).toBe(0);
    expect(historyWeight(600)).toBeCloseTo(0.632, 3);
    expect(historyWeight(1e9)).toBe(1);
  });
});
