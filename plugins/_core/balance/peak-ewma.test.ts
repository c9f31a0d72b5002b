import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidateOf } from "../../../test/harness/candidates.ts";
import { knownLatencies, latencyCost, meanLatency, meanWithOneMore, observeLatency } from "./peak-ewma.ts";

const DECAY = 10;
const UNKNOWN = 0.1;
const seconds = fc.double({ min: 0, max: 100, noNaN: true });

const known = (latencySeconds: number, fields = {}) =>
  candidateOf(0, { latencySeconds, observedAtSeconds: 0, ...fields });

describe("observeLatency", () => {
  it("takes the first sample, and any above the average, as it is", () => {
    const candidate = candidateOf(0);
    observeLatency(candidate, 0.2, 5, DECAY);
    expect(candidate).toMatchObject({ latencySeconds: 0.2, observedAtSeconds: 5 });
    observeLatency(candidate, 3, 5, DECAY);
    expect(candidate.latencySeconds).toBe(3);
    observeLatency(candidate, 3.1, 5, DECAY);
    expect(candidate.latencySeconds).toBe(3.1);
  });

  it("comes down with time, not with the number of samples", () => {
    const [few, many] = [known(1), known(1)];
    observeLatency(few, 0, 10, DECAY);
    for (let at = 1; at <= 1000; at++) observeLatency(many, 0, at / 100, DECAY);
    expect(few.latencySeconds).toBeCloseTo(Math.exp(-1), 10);
    expect(many.latencySeconds).toBeCloseTo(Math.exp(-1), 10);
  });

  it("takes a clock that was set back for one that stood still, and goes on from there", () => {
    const candidate = known(1, { observedAtSeconds: 1000 });
    observeLatency(candidate, 0, 10, DECAY);
    expect(candidate).toMatchObject({ latencySeconds: 1, observedAtSeconds: 10 });
    observeLatency(candidate, 0, 20, DECAY);
    expect(candidate.latencySeconds).toBeCloseTo(Math.exp(-1), 10);
  });

  it("stays between the last sample and the largest", () => {
    const samples = fc.array(fc.tuple(seconds, fc.double({ min: -50, max: 1e6, noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(samples, (all) => {
        const candidate = candidateOf(0);
        let largest = 0;
        for (const [sample, now] of all) {
          observeLatency(candidate, sample, now, DECAY);
          largest = Math.max(largest, sample);
          expect(candidate.latencySeconds).toBeGreaterThanOrEqual(sample * (1 - 1e-12));
          expect(candidate.latencySeconds).toBeLessThanOrEqual(largest * (1 + 1e-12));
        }
      }),
    );
  });
});

describe("latencyCost", () => {
  const cost = (candidate: ReturnType<typeof candidateOf>, now = 0) => latencyCost(candidate, now, DECAY, UNKNOWN);

  it("is latency times requests under way, this one included, by weight", () => {
    expect(cost(known(0.3))).toBeCloseTo(0.3);
    expect(cost(known(0.3, { inFlight: 2 }))).toBeCloseTo(0.9);
    expect(cost(known(0.3, { inFlight: 2, weight: 3 }))).toBeCloseTo(0.3);
  });

  it("takes a peer without observations for an ordinary one", () => {
    expect(cost(candidateOf(0, { inFlight: 1 }))).toBeCloseTo(2 * UNKNOWN);
  });

  it("tells busy peers apart although their answers take 0 milliseconds", () => {
    expect(cost(known(0, { inFlight: 3 }))).toBeGreaterThan(cost(known(0, { inFlight: 2 })));
  });

  it("lets an idle peer become cheaper than any busy one in time, and no earlier than it must", () => {
    const busy = known(0.005, { inFlight: 1 });
    const slow = known(0.5);
    // 0.5 · e^(-t / 10) = 0.01 after 39.1 seconds.
    expect(cost(slow, 39)).toBeGreaterThan(cost(busy, 39));
    expect(cost(slow, 40)).toBeLessThan(cost(busy, 40));
    expect(cost(slow, 1e9)).toBe(0);
  });

  it("remembers as soon as one request is with it: it is tried with one at a time", () => {
    const slow = known(0.5, { inFlight: 1 });
    expect(cost(slow, 1000)).toBe(1);
    expect(cost(candidateOf(0, { inFlight: 1 }), 1000)).toBeCloseTo(2 * UNKNOWN);
  });

  it("does not change when the clock is set back", () => {
    expect(cost(known(0.3, { observedAtSeconds: 1000 }), 10)).toBeCloseTo(0.3);
  });

  it("is a number of 0 or more, and rises with what is under way", () => {
    const arbitrary = fc.record({
      latencySeconds: fc.oneof(seconds, fc.constant(-1)),
      inFlight: fc.nat(1000),
      weight: fc.double({ min: 0.01, max: 1000, noNaN: true }),
      observedAtSeconds: seconds,
    });
    fc.assert(
      fc.property(arbitrary, fc.double({ min: -10, max: 1e9, noNaN: true }), (fields, now) => {
        const less = cost(candidateOf(0, fields), now);
        expect(less).toBeGreaterThanOrEqual(0);
        expect(cost(candidateOf(0, { ...fields, inFlight: fields.inFlight + 1 }), now)).toBeGreaterThan(less);
      }),
    );
  });
});

describe("meanWithOneMore", () => {
  it("is the mean again, whatever the order", () => {
    const all = [0.1, 0.7, 0.25, 0.002];
    let mean = 99;
    for (const [known, sample] of all.entries()) mean = meanWithOneMore(mean, known, sample);
    expect(mean).toBeCloseTo(meanLatency(all.map((seconds) => known(seconds))), 12);
  });

  it("is never below half a millisecond", () => {
    expect(meanWithOneMore(99, 0, 0)).toBe(0.0005);
  });

  it("goes with how many are known", () => {
    expect(knownLatencies([known(0), candidateOf(1), known(3)])).toBe(2);
  });
});

describe("meanLatency", () => {
  it("is the mean of those that are known, whatever their weights", () => {
    expect(meanLatency([known(0.1), candidateOf(1), known(0.3, { weight: 9 })])).toBeCloseTo(0.2);
  });

  it("is above 0 where nothing is known, or all answer at once", () => {
    expect(meanLatency([])).toBe(0.0005);
    expect(meanLatency([candidateOf(0)])).toBe(0.0005);
    expect(meanLatency([known(0)])).toBe(0.0005);
  });
});
