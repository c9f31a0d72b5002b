/** What the algorithms of concurrency limits share: what they remember, what they are told, and what bounds them. */

export type LimitAlgorithm = "gradient2" | "vegas" | "aimd";

/** @noSelf */
export interface LimitSettings {
  readonly algorithm: LimitAlgorithm;
  /** Requests under way at once; `min` <= `initial` <= `max`. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** AIMD only: a mean latency above it is overload; absent: only drops are. */
  readonly latencySeconds?: number;
}

/** What happened since the last step. */
export interface LimitSample {
  /** Mean latency of the upstream. */
  readonly seconds: number;
  /** How many requests the mean is of. */
  readonly count: number;
  /** The most that were under way at once. */
  readonly maxInFlight: number;
  /** Requests that say "overloaded" without a latency: refused, reset, timed out, 429, 503. */
  readonly drops: number;
  /** Some request found no place: the limit binds, however few are under way (of a priority with a small share, for one). */
  readonly limited: boolean;
}

/** Why the limit is what it is, for people. */
export type LimitReason =
  | "initial"
  | "latency is steady"
  | "latency rose"
  | "requests were dropped"
  | "not all of the limit is used"
  | "looking for the latency without load";

/**
 * - `none`: the limit is in force as it is.
 * - `drain`: fewer are let in, and what was under way before is still to end.
 * - `measure`: the next sample is of a half-empty upstream.
 */
export type ProbePhase = "none" | "drain" | "measure";

export interface LimitState {
  /** With a fraction; what is in force is `inForce`. */
  readonly limit: number;
  /** The latency without load, as far as it is known; 0: not at all. */
  readonly baselineSeconds: number;
  /** How many samples the baseline is of, up to its warm-up. */
  readonly baselineSamples: number;
  /** When the baseline was last known to be without a queue in it; 0: before the first sample. */
  readonly confirmedAtSeconds: number;
  readonly probe: ProbePhase;
  /** When `drain` ends. */
  readonly probeUntilSeconds: number;
  /** The last probe did not empty the upstream, as the most important requests were too many: the next one holds them up too. */
  readonly probesAll: boolean;
  readonly reason: LimitReason;
}

export function newLimitState(settings: LimitSettings): LimitState {
  return {
    limit: settings.initial,
    baselineSeconds: 0,
    baselineSamples: 0,
    confirmedAtSeconds: 0,
    probe: "none",
    probeUntilSeconds: 0,
    probesAll: false,
    reason: "initial",
  };
}

/**
 * Whether the limit has been put to use, so that the latency says something about it: half of it, as in Netflix' limiters, or
 * somebody found no place.
 */
export function isUsed(limit: number, sample: LimitSample): boolean {
  return sample.limited || sample.maxInFlight * 2 >= limit;
}

/** `value` within `min` and `max`; `min` for what is no number. */
export function clampLimit(settings: LimitSettings, value: number): number {
  if (value >= settings.max) {
    return settings.max;
  }
  return value > settings.min ? value : settings.min;
}
