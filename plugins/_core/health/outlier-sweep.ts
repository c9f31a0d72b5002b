/**
 * Which peers do so much worse than they should that they are ejected, from what they answered in an interval: success rate
 * and failure percentage of Envoy's outlier detection (`processSuccessRateEjections` and `successRateEjectionThreshold` of
 * source/common/upstream/outlier_detection_impl.cc).
 */
import { addRow, newRankHeap, setFirstAside } from "../balance/rank-heap.ts";

/** What a peer answered in the interval. At least one of the two is above 0. */
interface Sample {
  readonly key: string;
  readonly ok: number;
  readonly failed: number;
}

interface SweepRule {
  /** Success rate: how many standard deviations below the mean; 0: not looked at. */
  readonly stdevFactor: number;
  /** Success rate: so many peers must have enough requests. */
  readonly leastPeers: number;
  /** Success rate: enough requests. */
  readonly leastRequests: number;
  /** Failure percentage: so many percent failed; 0: not looked at. */
  readonly failurePercent: number;
  /** Failure percentage: enough requests. */
  readonly failureRequests: number;
}

type OutlierKind = "success_rate" | "failure_rate";

interface Outlier {
  readonly key: string;
  readonly kind: OutlierKind;
  readonly requests: number;
  readonly successPercent: number;
  /** What it would have had to reach, and with success rate that of all on average. */
  readonly limitPercent: number;
  readonly meanPercent: number | undefined;
}

/** Peers that are equal may differ in the last digits of the mean: nobody is an outlier by so little. */
const ROUNDING_PERCENT = 1e-9;

function successPercent({ ok, failed }: Sample): number {
  return (ok * 100) / (ok + failed);
}

interface Pool {
  readonly meanPercent: number;
  /** `mean - stdevFactor * stdev`; below 0 nobody can be. */
  readonly limitPercent: number;
}

/** The pool's figures; undefined when too few peers had enough requests. */
function poolOf(samples: readonly Sample[], { stdevFactor, leastPeers, leastRequests }: SweepRule): Pool | undefined {
  const rates: number[] = [];
  let sum = 0;
  for (const sample of samples) {
    if (sample.ok + sample.failed >= leastRequests) {
      const rate = successPercent(sample);
      rates.push(rate);
      sum += rate;
    }
  }
  if (stdevFactor <= 0 || rates.length === 0 || rates.length < leastPeers) {
    return undefined;
  }
  const meanPercent = sum / rates.length;
  let squares = 0;
  for (const rate of rates) {
    squares += (rate - meanPercent) * (rate - meanPercent);
  }
  return { meanPercent, limitPercent: meanPercent - stdevFactor * Math.sqrt(squares / rates.length) };
}

function judge(sample: Sample, rule: SweepRule, pool: Pool | undefined): Outlier | undefined {
  const { key } = sample;
  const requests = sample.ok + sample.failed;
  const success = successPercent(sample);
  if (pool !== undefined && requests >= rule.leastRequests && success < pool.limitPercent - ROUNDING_PERCENT) {
    const { meanPercent, limitPercent } = pool;
    return { key, kind: "success_rate", requests, successPercent: success, limitPercent, meanPercent };
  }
  // As a product, so that 15 of 20 are 75 percent whatever the digits of the success rate.
  const isOver = sample.failed * 100 >= rule.failurePercent * requests;
  if (rule.failurePercent > 0 && requests >= rule.failureRequests && isOver) {
    const limitPercent = 100 - rule.failurePercent;
    return { key, kind: "failure_rate", requests, successPercent: success, limitPercent, meanPercent: undefined };
  }
  return undefined;
}

/**
 * The outliers, worst first: not all of them may be ejected.
 * @param samples of peers that are not ejected and had requests
 */
function findOutliers(samples: readonly Sample[], rule: SweepRule): Outlier[] {
  const pool = poolOf(samples, rule);
  const found = newRankHeap<Outlier>();
  for (const sample of samples) {
    const outlier = judge(sample, rule, pool);
    if (outlier !== undefined) {
      addRow(found, outlier, outlier.successPercent, found.rows);
    }
  }
  const outliers: Outlier[] = [];
  let worst = found.entries[0];
  while (found.size > 0 && worst !== undefined) {
    outliers.push(worst);
    setFirstAside(found);
    worst = found.entries[0];
  }
  return outliers;
}

export { findOutliers };
export type { Outlier, OutlierKind, Sample, SweepRule };
