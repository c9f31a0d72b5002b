import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_RULE,
  EPOCH,
  noisy,
  queueing,
  ramp,
  runLoop,
  sawtooth,
  step,
  turns,
  type LoopStep,
} from "../../../test/harness/stress-scenarios.ts";
import { firstShare, nextShare, type ShareRule } from "./adaptive-share.ts";
import type { Verdict } from "./stress-signal.ts";

const verdict = fc.constantFrom<Verdict>("stress", "between", "calm");
const rule: fc.Arbitrary<ShareRule> = fc.record({
  floor: fc.double({ min: 0.01, max: 1, noNaN: true }),
  decrease: fc.double({ min: 0.1, max: 0.99, noNaN: true }),
  increase: fc.double({ min: 0.001, max: 1, noNaN: true }),
  holdSeconds: fc.double({ min: 0, max: 600, noNaN: true }),
});

const shares = (steps: readonly LoopStep[]): number[] => steps.map(({ state }) => state.share);
const least = (steps: readonly LoopStep[]): number => Math.min(...shares(steps));
const last = (steps: readonly LoopStep[]): number => steps[steps.length - 1]?.state.share ?? NaN;

describe("nextShare", () => {
  it("multiplies under stress, and does not fall below the floor", () => {
    const first = nextShare(firstShare(), "stress", DEFAULT_RULE, 100);
    expect(first).toEqual({ share: 0.8, heldUntilSeconds: 110 });
    let state = first;
    for (let n = 0; n < 50; n++) state = nextShare(state, "stress", DEFAULT_RULE, 100);
    expect(state.share).toBe(0.1);
  });

  it("rises by its step once the hold is over, and not between stress and calm", () => {
    const cut = { share: 0.5, heldUntilSeconds: 110 };
    expect(nextShare(cut, "calm", DEFAULT_RULE, 109.9).share).toBe(0.5);
    expect(nextShare(cut, "between", DEFAULT_RULE, 111).share).toBe(0.5);
    expect(nextShare(cut, "calm", DEFAULT_RULE, 110).share).toBeCloseTo(0.55);
    expect(nextShare({ ...cut, share: 0.99 }, "calm", DEFAULT_RULE, 110).share).toBe(1);
  });

  it("takes a long gap as one step", () => {
    const cut = { share: 0.5, heldUntilSeconds: 110 };
    expect(nextShare(cut, "calm", DEFAULT_RULE, 110 + 86_400).share).toBeCloseTo(0.55);
    expect(nextShare(cut, "stress", DEFAULT_RULE, 110 + 86_400).share).toBeCloseTo(0.4);
  });

  it("holds no longer than its time when the clock was set back", () => {
    let state = nextShare(firstShare(), "stress", DEFAULT_RULE, 1_000_000);
    state = nextShare(state, "calm", DEFAULT_RULE, 1000);
    expect(nextShare(state, "calm", DEFAULT_RULE, 1010).share).toBeCloseTo(0.85);
  });

  it("stays in [floor, 1] and is a number, whatever the state, the times and the verdicts", () => {
    const anything = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -1, 0));
    fc.assert(
      fc.property(
        rule,
        anything,
        anything,
        fc.array(fc.tuple(verdict, fc.double({ noNaN: true }))),
        (own, a, b, all) => {
          let state = { share: a, heldUntilSeconds: b };
          for (const [each, now] of [["calm", 0] as const, ...all]) {
            state = nextShare(state, each, own, now);
            expect(state.share).toBeGreaterThanOrEqual(own.floor);
            expect(state.share).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it("is monotone: a larger share stays the larger one, and worse verdicts give no more", () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(rule, share, share, verdict, (own, a, b, each) => {
        const at = (one: number, word: Verdict) =>
          nextShare({ share: one, heldUntilSeconds: 0 }, word, own, 1000).share;
        expect(at(Math.min(a, b), each)).toBeLessThanOrEqual(at(Math.max(a, b), each));
        expect(at(a, "stress")).toBeLessThanOrEqual(at(a, "between"));
        expect(at(a, "between")).toBeLessThanOrEqual(at(a, "calm"));
      }),
    );
  });
});

describe("the loop in simulated time", () => {
  it("a step of load cuts to the floor, turns once, and is over in the time that can be computed", () => {
    const steps = runLoop(step(20, 60), 120);
    expect(shares(steps.slice(0, 20))).toEqual(Array(20).fill(1));
    expect(least(steps)).toBe(0.1);
    expect(turns(steps)).toBe(1);
    const lastStress = steps.findLast(({ verdict: word }) => word === "stress")?.second ?? NaN;
    expect(lastStress).toBe(59);
    // Hold, then 18 steps of 0.05.
    const whole = steps.findLast(({ state }) => state.share < 1)?.second ?? NaN;
    expect(whole + 1 - lastStress).toBeLessThanOrEqual(10 + Math.ceil((1 - 0.1) / 0.05));
    expect(last(steps)).toBe(1);
  });

  it("nothing is cut once the load has gone, however high it was", () => {
    const steps = runLoop(step(20, 25, 1000), 60);
    const after = steps.filter(({ second }) => second >= 25);
    expect(after.every(({ state }, index) => index === 0 || state.share >= (after[index - 1]?.state.share ?? 0))).toBe(
      true,
    );
  });

  it("one bad sample among good ones cuts nothing", () => {
    const steps = runLoop((second) => (second % 10 === 9 ? 50 : 0.3), 200);
    expect(least(steps)).toBe(1);
  });

  it.each([1, 2, 3, 4, 5])("noise below the threshold cuts next to nothing (%i)", (seed) => {
    const steps = runLoop(noisy(0.7, 0.2, seed), 1000);
    expect(turns(steps)).toBeLessThanOrEqual(4);
    expect(least(steps)).toBeGreaterThanOrEqual(0.64);
  });

  it.each([1, 2, 3, 4, 5])("noise about the threshold turns at most twice a hold (%i)", (seed) => {
    const steps = runLoop(noisy(0.95, 0.2, seed), 1000);
    expect(turns(steps)).toBeGreaterThan(0);
    expect(turns(steps)).toBeLessThanOrEqual((2 * 1000) / DEFAULT_RULE.holdSeconds);
  });

  it.each([1, 2, 3])("noise above the threshold keeps it at the floor without a turn (%i)", (seed) => {
    const steps = runLoop(noisy(1.6, 0.3, seed), 300);
    expect(turns(steps)).toBe(0);
    expect(last(steps)).toBe(0.1);
  });

  it("a ramp cuts when it reaches the threshold, and not before", () => {
    const steps = runLoop(ramp(0.01), 200);
    const first = steps.find(({ verdict: word }) => word === "stress");
    expect(first?.sample).toBeGreaterThanOrEqual(1);
    expect(first?.sample).toBeLessThan(1.05);
    expect(turns(steps)).toBe(0);
  });

  it("a sawtooth makes one cut and one rise of each tooth", () => {
    const teeth = 10;
    const steps = runLoop(sawtooth(60), teeth * 60);
    expect(turns(steps)).toBeLessThanOrEqual(2 * teeth);
    expect(turns(steps)).toBeGreaterThanOrEqual(teeth);
  });

  it("finds what a server with a queue can do, and stays near it", () => {
    // Clients want twice what it can do: half of it is the share to find.
    const steps = runLoop(
      queueing(() => 2),
      1200,
    );
    const settled = steps.slice(300);
    const mean = shares(settled).reduce((sum, share) => sum + share, 0) / settled.length;
    expect(mean).toBeGreaterThan(0.3);
    expect(mean).toBeLessThan(0.55);
    expect(Math.max(...shares(settled))).toBeLessThan(0.8);
    expect(turns(settled)).toBeLessThanOrEqual((2 * settled.length) / DEFAULT_RULE.holdSeconds);
  });

  it("comes back from the floor when the queue's clients go home", () => {
    const steps = runLoop(
      queueing((second) => (second < 200 ? 3 : 0.5)),
      400,
    );
    expect(least(steps)).toBeLessThan(0.34);
    expect(last(steps)).toBe(1);
    expect(turns(steps.slice(200))).toBeLessThanOrEqual(1);
  });

  it("a signal that falls silent is forgotten, and no stress is made of it meanwhile", () => {
    const steps = runLoop((second) => (second < 10 ? 2 : undefined), 200);
    const silent = steps.slice(10);
    expect(silent.some(({ verdict: word }) => word === "stress")).toBe(false);
    expect(silent[40]?.verdict).toBe("between");
    expect(last(steps)).toBe(1);
  });

  it("is harmed by no jump of the clock", () => {
    let state = firstShare();
    for (const now of [EPOCH, EPOCH + 1, EPOCH - 3600, EPOCH - 3599, EPOCH + 86_400]) {
      state = nextShare(state, "stress", DEFAULT_RULE, now);
    }
    expect(state.share).toBeCloseTo(0.8 ** 5);
  });
});
