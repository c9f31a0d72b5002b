import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextSignal, verdictOf, worseVerdict, type SignalState, type Verdict } from "./stress-signal.ts";

const words: readonly Verdict[] = ["calm", "between", "stress"];
const signal = (ratio: number, sample: number): SignalState => ({ ratio, sample, atSeconds: 0 });

describe("nextSignal", () => {
  it("begins in calm, and follows samples slowly", () => {
    const first = nextSignal(undefined, 1, 10, 60);
    expect(first).toEqual({ ratio: 0.3, sample: 1, atSeconds: 10 });
    expect(nextSignal(first, 1.3, 11, 60)).toEqual({ ratio: 0.6, sample: 1.3, atSeconds: 11 });
  });

  it("keeps what it knows for a while without samples", () => {
    const known = nextSignal(undefined, 1, 10, 60);
    expect(nextSignal(known, undefined, 70, 60)).toEqual(known);
    expect(nextSignal(known, undefined, 70.1, 60)).toBeUndefined();
    expect(nextSignal(undefined, undefined, 70, 60)).toBeUndefined();
  });

  it("is not kept longer by a clock that was set back", () => {
    const known = nextSignal(nextSignal(undefined, 1, 10_000, 60), undefined, 10, 60);
    expect(nextSignal(known, undefined, 71, 60)).toBeUndefined();
  });

  it("lies between 0 and 2 and is a number, whatever is measured", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double(), { nil: undefined })), (samples) => {
        let state: SignalState | undefined;
        for (const sample of samples) {
          state = nextSignal(state, sample, 0, 60);
          if (state !== undefined) {
            expect(state.ratio).toBeGreaterThanOrEqual(0);
            expect(state.ratio).toBeLessThanOrEqual(2);
          }
        }
      }),
    );
  });
});

describe("verdictOf", () => {
  it.each<[number, number, boolean, Verdict]>([
    [1, 1, true, "stress"],
    [1, 1, false, "between"],
    [0.99, 2, true, "between"],
    [1.5, 0.99, true, "between"],
    [0.9, 0, true, "between"],
    [0.89, 0.99, true, "calm"],
    [0.89, 0.99, false, "calm"],
  ])("a mean of %d and a sample of %d (new: %s) is %s", (ratio, sample, isNew, expected) => {
    expect(verdictOf(signal(ratio, sample), isNew)).toBe(expected);
  });
});

describe("worseVerdict", () => {
  it("is the one that asks for less, in whatever order", () => {
    for (const [i, one] of words.entries()) {
      for (const [j, other] of words.entries()) {
        expect(worseVerdict(one, other)).toBe(words[Math.max(i, j)]);
      }
    }
  });
});
