import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findOutliers, type Sample, type SweepRule } from "./outlier-sweep.ts";

const RULE: SweepRule = {
  stdevFactor: 1.9,
  leastPeers: 5,
  leastRequests: 100,
  failurePercent: 85,
  failureRequests: 50,
};
const RATE_ONLY: SweepRule = { ...RULE, failurePercent: 0 };

/** Peers by how many of 100 requests (or of `requests`) went well. */
function samples(percents: readonly number[], requests = 100): Sample[] {
  return percents.map((percent, index) => {
    const ok = (percent * requests) / 100;
    return { key: `10.0.0.${String(index)}:80`, ok, failed: requests - ok };
  });
}

const keysOf = (found: readonly { key: string }[]): string[] => found.map(({ key }) => key);

describe("success rate", () => {
  it("has the figures of Envoy's own example", () => {
    const [found, ...others] = findOutliers(samples([50, 100, 100, 100, 100]), RATE_ONLY);
    expect(others).toEqual([]);
    expect(found).toEqual({
      key: "10.0.0.0:80",
      kind: "success_rate",
      requests: 100,
      successPercent: 50,
      meanPercent: 90,
      limitPercent: 52,
    });
  });

  it("looks at nothing when too few peers had enough requests", () => {
    expect(findOutliers(samples([50, 100, 100, 100]), RATE_ONLY)).toEqual([]);
    expect(findOutliers(samples([50, 100, 100, 100, 100], 99), RATE_ONLY)).toEqual([]);
    const quiet = { key: "10.0.1.1:80", ok: 0, failed: 99 };
    expect(keysOf(findOutliers([...samples([50, 100, 100, 100, 100]), quiet], RATE_ONLY))).toEqual(["10.0.0.0:80"]);
  });

  it("is off at 0", () => {
    expect(findOutliers(samples([0, 100, 100, 100, 100]), { ...RATE_ONLY, stdevFactor: 0 })).toEqual([]);
  });

  it("takes no peer for an outlier that is as good as all others", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 5, max: 60 }), (ok, failed, peers) => {
        fc.pre(ok + failed >= 100);
        const all = Array.from({ length: peers }, (_, index) => ({ key: `${String(index)}:1`, ok, failed }));
        expect(findOutliers(all, { ...RATE_ONLY, stdevFactor: 0.01 })).toEqual([]);
      }),
    );
  });
});

describe("failure percentage", () => {
  it("ejects from the percentage on, however few peers there are", () => {
    const found = findOutliers(samples([16, 15, 0], 200), RULE);
    expect(found.map(({ key, kind, successPercent }) => [key, kind, successPercent])).toEqual([
      ["10.0.0.2:80", "failure_rate", 0],
      ["10.0.0.1:80", "failure_rate", 15],
    ]);
    expect(found[0]).toMatchObject({ limitPercent: 15, requests: 200, meanPercent: undefined });
  });

  it("needs enough requests", () => {
    expect(findOutliers([{ key: "a:1", ok: 0, failed: 49 }], RULE)).toEqual([]);
    expect(keysOf(findOutliers([{ key: "a:1", ok: 0, failed: 50 }], RULE))).toEqual(["a:1"]);
  });

  it("is off at 0", () => {
    expect(findOutliers([{ key: "a:1", ok: 0, failed: 500 }], RATE_ONLY)).toEqual([]);
  });
});

it("agrees with the definition, worst first, whatever the figures", () => {
  const sample = fc.record({ ok: fc.nat(300), failed: fc.nat(300) }).filter(({ ok, failed }) => ok + failed > 0);
  const rule = fc.record({
    stdevFactor: fc.constantFrom(0, 0.5, 1, 1.9, 3),
    leastPeers: fc.integer({ min: 1, max: 8 }),
    leastRequests: fc.integer({ min: 1, max: 300 }),
    failurePercent: fc.constantFrom(0, 10, 50, 85, 100),
    failureRequests: fc.integer({ min: 1, max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 30 }), rule, (counts, rule) => {
      const all = counts.map((each, index) => ({ ...each, key: `10.0.0.${String(index)}:80` }));
      const rate = ({ ok, failed }: { ok: number; failed: number }): number => (ok * 100) / (ok + failed);
      const rates = all.filter(({ ok, failed }) => ok + failed >= rule.leastRequests).map(rate);
      const mean = rates.reduce((sum, each) => sum + each, 0) / rates.length;
      const stdev = Math.sqrt(rates.reduce((sum, each) => sum + (each - mean) ** 2, 0) / rates.length);
      const isLow = (each: Sample): boolean =>
        rule.stdevFactor > 0 &&
        rates.length >= rule.leastPeers &&
        each.ok + each.failed >= rule.leastRequests &&
        rate(each) < mean - rule.stdevFactor * stdev - 1e-9;
      const isFailing = (each: Sample): boolean =>
        rule.failurePercent > 0 &&
        each.ok + each.failed >= rule.failureRequests &&
        each.failed * 100 >= rule.failurePercent * (each.ok + each.failed);
      const found = findOutliers(all, rule);
      expect(keysOf(found).sort()).toEqual(keysOf(all.filter((each) => isLow(each) || isFailing(each))).sort());
      const shown = found.map(({ successPercent }) => successPercent);
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
      expect(found.flatMap((each) => Object.values(each)).some(Number.isNaN)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
