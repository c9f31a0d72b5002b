import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newSeries, type CountedSeries } from "./counted-series.ts";
import { blockStart, nextSample } from "./sampling.ts";

function seriesOf(): CountedSeries {
  const labels = { route: "r", method: "GET", status: "2xx", upstream: "u", extra: "" };
  const identity = { labels: "", kind: "requests", bounds: [], bornSeconds: 0, idleSeconds: 900, range: "ordinary" };
  return newSeries(labels, identity as CountedSeries["identity"], undefined, undefined);
}

/** Numerical Recipes' quick generator: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What `count` requests of sizes `sizeOf` are estimated to sum up to, in one second after one of `before` requests. */
function estimate(before: number, count: number, sizeOf: (index: number) => number, random: () => number) {
  const series = seriesOf();
  series.requests = before;
  blockStart(series, random());
  let sum = 0;
  let samples = 0;
  for (let index = 0; index < count; index++) {
    if (series.skip > 0) {
      series.skip -= 1;
    } else {
      sum += series.stride * sizeOf(index);
      samples += 1;
      nextSample(series, random());
    }
  }
  return { sum, samples, stride: series.stride };
}

describe("up to 64 requests a second", () => {
  it("all are read: sums are exact", () => {
    fc.assert(
      fc.property(fc.nat(64), fc.array(fc.nat(10_000), { maxLength: 200 }), fc.nat(), (before, sizes, seed) => {
        const { sum, samples } = estimate(before, sizes.length, (index) => sizes[index]!, seeded(seed));
        expect(samples).toBe(sizes.length);
        expect(sum).toBe(sizes.reduce((total, size) => total + size, 0));
      }),
    );
  });
});

describe("above", () => {
  it("one in each block is read, whatever the random numbers: weights sum up to the requests of whole blocks", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 65, max: 50_000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        (before, blocks, seed) => {
          const stride = Math.round(before / 64);
          const { sum, samples } = estimate(before, blocks * stride, () => 1, seeded(seed));
          expect(samples).toBe(blocks);
          expect(sum).toBe(blocks * stride);
        },
      ),
    );
  });

  it("about 64 are read", () => {
    for (const rate of [65, 100, 1000, 20_000]) {
      const { samples } = estimate(rate, rate, () => 1, seeded(rate));
      expect(samples, `at ${rate}/s`).toBeGreaterThanOrEqual(43);
      expect(samples, `at ${rate}/s`).toBeLessThanOrEqual(100);
    }
  });

  it.each([
    ["constant", () => 7],
    ["periodic with the block", (index: number) => (index % 16 === 0 ? 1000 : 1)],
    ["rising", (index: number) => index],
    ["a few giants", (index: number) => (index % 257 === 3 ? 1e6 : 10)],
  ])("the sum is right in the mean, also of a block that is broken off: %s sizes", (_, sizeOf) => {
    // 64 × 16 requests a second before: blocks of 16. 1003 requests: the last block is not whole.
    const random = seeded(12345);
    let truth = 0;
    for (let index = 0; index < 1003; index++) truth += sizeOf(index);
    const estimates = Array.from({ length: 4000 }, () => estimate(1024, 1003, sizeOf, random).sum);
    const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
    const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1);
    const standardError = Math.sqrt(variance / estimates.length);
    expect(Math.abs(mean - truth)).toBeLessThanOrEqual(4 * standardError + 1e-9 * truth);
  });

  it("the relative error of one second's sum is at most cv / sqrt(64)", () => {
    const random = seeded(7);
    const sizes = Array.from({ length: 1024 }, () => -Math.log(1 - random()) * 1000);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const deviation = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length);
    const sums = Array.from({ length: 2000 }, () => estimate(1024, 1024, (index) => sizes[index]!, random).sum);
    const truth = mean * sizes.length;
    const error = Math.sqrt(sums.reduce((sum, value) => sum + (value - truth) ** 2, 0) / sums.length) / truth;
    expect(error).toBeLessThan((deviation / mean / Math.sqrt(64)) * 1.05);
  });
});
