import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newCountWindow, observeCount, rebaseCountWindow, windowCounts } from "./count-window.ts";
import { ONE_CALL, ONE_FAILURE, callsOf, failuresOf } from "./packed-counts.ts";

const span = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 10_000 }));
/** Calls of other workers between two of our own, and whether ours fails. */
const looks = fc.array(fc.record({ others: fc.nat(30), failed: fc.boolean() }), { maxLength: 300 });

describe("count window", () => {
  it("spans all calls at first, then span to span + step and what came between two looks", () => {
    fc.assert(
      fc.property(span, looks, (span, looks) => {
        const window = newCountWindow(span, 0);
        let packed = 0;
        let gap = 0;
        for (const { others, failed } of looks) {
          packed += others + ONE_CALL + (failed ? ONE_FAILURE : 0);
          gap = Math.max(gap, others + 1);
          observeCount(window, packed);
          const calls = callsOf(windowCounts(window));
          const all = callsOf(packed);
          expect(calls).toBeGreaterThanOrEqual(Math.min(span, all));
          expect(calls).toBeLessThanOrEqual(Math.min(all, span + Math.ceil(span / 10) - 1 + gap));
        }
      }),
    );
  });

  it("holds exactly the failures of the calls it spans", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.boolean(), { maxLength: 200 }), (span, calls) => {
        const window = newCountWindow(span, 0);
        let packed = 0;
        calls.forEach((failed, index) => {
          packed += ONE_CALL + (failed ? ONE_FAILURE : 0);
          observeCount(window, packed);
          const counts = windowCounts(window);
          const spanned = calls.slice(index + 1 - callsOf(counts), index + 1);
          expect(failuresOf(counts)).toBe(spanned.filter(Boolean).length);
        });
      }),
    );
  });

  it("is not blind when the counter is replaced", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 200 }),
        (span, calls) => {
          const kept = newCountWindow(span, 0);
          const moved = newCountWindow(span, 0);
          let all = 0;
          let since = 0;
          for (const [failed, replace] of calls) {
            const delta = ONE_CALL + (failed ? ONE_FAILURE : 0);
            all += delta;
            since += delta;
            observeCount(kept, all);
            observeCount(moved, since);
            expect(windowCounts(moved)).toBe(windowCounts(kept));
            if (replace) {
              rebaseCountWindow(moved);
              since = 0;
            }
          }
        },
      ),
    );
  });

  it("begins anew when the counter was lost", () => {
    const window = newCountWindow(10, 0);
    for (let calls = 1; calls <= 30; calls++) observeCount(window, calls);
    observeCount(window, 1 + ONE_FAILURE);
    expect(windowCounts(window)).toBe(1 + ONE_FAILURE);
  });

  it("begins where it is told to", () => {
    const window = newCountWindow(10, 500 + 100 * ONE_FAILURE);
    observeCount(window, 501 + 100 * ONE_FAILURE);
    expect(windowCounts(window)).toBe(1);
  });
});
