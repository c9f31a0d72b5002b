import { histogramQuantile } from "../_core/histogram-quantile.ts";

/** What was counted of a route or an upstream since the gateway began, at one time. */
export interface Sample {
  readonly atSeconds: number;
  readonly requests: number;
  readonly errors: number;
  /** Requests under way at that time. */
  readonly inFlight: number;
  /** Requests by bucket of duration, not cumulative. */
  readonly counts: readonly number[];
}

/** Over some seconds. Latencies in seconds; absent when no request ended. */
export interface Figures {
  readonly seconds: number;
  readonly rps: number;
  /** Percent of the requests. */
  readonly errorRate: number;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
}

/**
 * What happened from `before` to `after`.
 * @returns undefined when the counters went back (the dict was emptied) or no time has passed
 */
export function figuresBetween(before: Sample, after: Sample, bounds: readonly number[]): Figures | undefined {
  const seconds = after.atSeconds - before.atSeconds;
  const requests = after.requests - before.requests;
  const errors = after.errors - before.errors;
  if (seconds <= 0 || requests < 0 || errors < 0) {
    return undefined;
  }
  const counts: number[] = [];
  for (let i = 0; i < after.counts.length; i++) {
    const count = (after.counts[i] ?? 0) - (before.counts[i] ?? 0);
    counts.push(count > 0 ? count : 0);
  }
  return {
    seconds,
    rps: requests / seconds,
    errorRate: requests > 0 ? (errors * 100) / requests : 0,
    p50: histogramQuantile(0.5, bounds, counts),
    p90: histogramQuantile(0.9, bounds, counts),
    p99: histogramQuantile(0.99, bounds, counts),
  };
}

/**
 * The figures of the last seconds, from samples in the order of time: those between the newest and the oldest that is no
 * older than the window. One sample says nothing.
 */
export function figuresOf(
  samples: readonly Sample[],
  bounds: readonly number[],
  windowSeconds: number,
): Figures | undefined {
  const newest = samples[samples.length - 1];
  if (newest === undefined) {
    return undefined;
  }
  for (const sample of samples) {
    // Half a second of grace: samples are not taken to the millisecond.
    if (sample.atSeconds >= newest.atSeconds - windowSeconds - 0.5) {
      return figuresBetween(sample, newest, bounds);
    }
  }
  return undefined;
}

/** The mean of the requests under way at the samples of the last seconds. */
export function meanInFlight(samples: readonly Sample[], windowSeconds: number): number {
  const newest = samples[samples.length - 1];
  let sum = 0;
  let count = 0;
  for (const sample of samples) {
    if (newest !== undefined && sample.atSeconds > newest.atSeconds - windowSeconds - 0.5) {
      sum += sample.inFlight;
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}
