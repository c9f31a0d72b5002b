import { expect, test } from "vitest";
import { measuredBaseline, nextBaseline } from "./baseline.ts";
import { newLimitState, type LimitSample, type LimitState } from "./limit-state.ts";

const settings = { algorithm: "gradient2", initial: 20, min: 5, max: 100 } as const;
const sample = (seconds: number): LimitSample => ({ seconds, count: 50, maxInFlight: 20, drops: 0, limited: false });
const at = (baselineSeconds: number, baselineSamples = 10): LimitState => ({
  ...newLimitState(settings),
  baselineSeconds,
  baselineSamples,
});

test("the first sample is it, whatever the load; the first ten without load are averaged", () => {
  expect(nextBaseline(at(0, 0), sample(0.2), true)).toEqual({ seconds: 0.2, samples: 1 });
  const second = nextBaseline(at(0.2, 1), sample(0.4), false);
  expect(second.samples).toBe(2);
  expect(second.seconds).toBeCloseTo(0.3, 12);
});

test("under load it never rises", () => {
  expect(nextBaseline(at(0.1), sample(5), true)).toEqual({ seconds: 0.1, samples: 10 });
  expect(nextBaseline(at(0.1, 3), sample(5), true)).toEqual({ seconds: 0.1, samples: 3 });
});

test("without load it rises by 2/601 of the difference", () => {
  expect(nextBaseline(at(0.1), sample(0.701), false).seconds).toBeCloseTo(0.102, 12);
});

test("it falls by a tenth of the difference, under load too", () => {
  for (const used of [true, false]) expect(nextBaseline(at(0.2), sample(0.1), used).seconds).toBeCloseTo(0.19, 12);
});

test("what a probe has measured is it", () => {
  expect(measuredBaseline(sample(0.3))).toEqual({ seconds: 0.3, samples: 10 });
});
