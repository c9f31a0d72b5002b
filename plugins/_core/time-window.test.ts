import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ONE_CALL, ONE_FAILURE, ONE_SLOW, callsOf, failuresOf, slowOf } from "./packed-counts.ts";
import {
  advanceTimeWindow,
  correctTimeWindow,
  newTimeWindow,
  slotCount,
  slotWidth,
  type TimeWindow,
} from "./time-window.ts";

const START = 1_700_000_000;

function totals(window: TimeWindow): number[] {
  return [
    window.calls + callsOf(window.current),
    window.failures + failuresOf(window.current),
    window.slow + slowOf(window.current),
  ];
}

describe("time window", () => {
  it("has ten slots up to ten seconds, and one a second above", () => {
    expect([1, 5, 10, 10.5, 60, 600].map((seconds) => [slotCount(seconds), slotWidth(seconds)])).toEqual([
      [10, 0.1],
      [10, 0.5],
      [10, 1],
      [11, 1],
      [60, 1],
      [600, 1],
    ]);
  });

  it("gives what a list of all the calls gives, for any steps of the clock forwards", () => {
    const step = fc.record({
      wait: fc.double({ min: 0, max: 4, noNaN: true }),
      failed: fc.boolean(),
      slow: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.constantFrom(1, 2.5, 10, 12.5, 60), fc.array(step, { maxLength: 60 }), (seconds, steps) => {
        const window = newTimeWindow(seconds, START);
        const width = slotWidth(seconds);
        const calls: { slot: number; failed: boolean; slow: boolean }[] = [];
        let now = START;
        for (const { wait, failed, slow } of steps) {
          now += wait;
          advanceTimeWindow(window, now);
          window.current += ONE_CALL + (failed ? ONE_FAILURE : 0) + (slow ? ONE_SLOW : 0);
          const slot = Math.floor(now / width);
          calls.push({ slot, failed, slow });
          const recent = calls.filter((call) => call.slot > slot - slotCount(seconds));
          expect(totals(window)).toEqual([
            recent.length,
            recent.filter((call) => call.failed).length,
            recent.filter((call) => call.slow).length,
          ]);
        }
      }),
    );
  });

  it("takes a small step back for the same slot, and starts anew after a larger one", () => {
    const window = newTimeWindow(10, START + 0.5);
    window.current = 5;
    expect(advanceTimeWindow(window, START - 0.2)).toBe(false);
    expect(totals(window)).toEqual([5, 0, 0]);
    expect(advanceTimeWindow(window, START - 3600)).toBe(true);
    expect(totals(window)).toEqual([0, 0, 0]);
    expect(window.slot).toBe(START - 3600);
  });

  it("never holds a wrong number, however the clock jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 80 }), (jumps) => {
        const window = newTimeWindow(10, START);
        let now = START;
        let counted = 0;
        for (const jump of jumps) {
          now += jump;
          advanceTimeWindow(window, now);
          window.current += ONE_CALL + ONE_FAILURE;
          counted += 1;
          const [calls = -1, failures, slow] = totals(window);
          expect(calls).toBeGreaterThanOrEqual(1);
          expect(calls).toBeLessThanOrEqual(counted);
          expect([failures, slow]).toEqual([calls, 0]);
          expect(window.sealed.reduce((sum, packed) => sum + callsOf(packed), 0)).toBe(window.calls);
        }
      }),
    );
  });

  it("takes corrections for its own slots only", () => {
    const window = newTimeWindow(10, START);
    correctTimeWindow(window, START - 9, 3);
    correctTimeWindow(window, START - 10, 100);
    correctTimeWindow(window, START + 1, 100);
    correctTimeWindow(window, START, 2);
    expect(totals(window)).toEqual([5, 0, 0]);
    correctTimeWindow(window, START - 9, 4);
    expect(totals(window)).toEqual([6, 0, 0]);
  });
});
