/** One step of a concurrency limit, whichever algorithm. */
import { aimdLimit } from "./aimd.ts";
import { gradient2Limit, gradientOf } from "./gradient2.ts";
import {
  clampLimit,
  isUsed,
  type LimitReason,
  type LimitSample,
  type LimitSettings,
  type LimitState,
} from "./limit-state.ts";
import { nextProbe, probeLimit } from "./probe.ts";
import { vegasLimit } from "./vegas.ts";

/**
 * Netflix' limiters take one dropped request for overload. They see few in a sample; an upstream that always fails one request
 * in a thousand would have the least limit for ever: here it takes this share.
 */
const DROP_SHARE = 0.01;

function isFigure(value: number): boolean {
  return value > 0 && value < Infinity;
}

function wasDropped({ count, drops }: LimitSample): boolean {
  return drops > 0 && drops >= (count + drops) * DROP_SHARE;
}

function isSlow(settings: LimitSettings, sample: LimitSample): boolean {
  return settings.latencySeconds !== undefined && sample.count > 0 && sample.seconds > settings.latencySeconds;
}

/**
 * A limit that is not used stays: nothing is known about it (Netflix' rule). Only one below `initial` rises up to it, so that what
 * an overload has left is gone some time after it.
 */
function applied(settings: LimitSettings, before: number, wanted: number, used: boolean): number {
  if (used) {
    return clampLimit(settings, wanted);
  }
  if (before >= settings.initial || wanted <= before) {
    return before;
  }
  return wanted < settings.initial ? wanted : settings.initial;
}

function reasonOf(used: boolean, dropped: boolean, slow: boolean): LimitReason {
  if (dropped) {
    return "requests were dropped";
  }
  if (slow) {
    return "latency rose";
  }
  return used ? "latency is steady" : "not all of the limit is used";
}

function nextAimd(settings: LimitSettings, state: LimitState, sample: LimitSample): LimitState {
  const used = isUsed(state.limit, sample);
  const dropped = wasDropped(sample);
  const slow = isSlow(settings, sample);
  const overloaded = dropped || slow;
  const wanted = aimdLimit(state.limit, overloaded);
  // Drops are of the upstream whether the limit is used or not; the limit is what can be done about them.
  return {
    limit: applied(settings, state.limit, wanted, used || overloaded),
    baselineSeconds: 0,
    baselineSamples: 0,
    confirmedAtSeconds: 0,
    probe: "none",
    probeUntilSeconds: 0,
    probesAll: false,
    reason: reasonOf(used, dropped, slow),
  };
}

function nextByLatency(settings: LimitSettings, state: LimitState, sample: LimitSample, now: number): LimitState {
  const used = isUsed(state.limit, sample);
  const step = nextProbe(settings, state, sample, used, now);
  const { probe, probeUntilSeconds, probesAll, confirmedAtSeconds } = step;
  const { seconds: baselineSeconds, samples: baselineSamples } = step.baseline;
  const dropped = settings.algorithm === "vegas" && wasDropped(sample);
  const probing = state.probe !== "none" || probe !== "none";
  let limit = state.limit;
  let reason: LimitReason = "looking for the latency without load";
  if (!probing) {
    const wanted =
      settings.algorithm === "vegas"
        ? vegasLimit(limit, baselineSeconds, sample.seconds, dropped)
        : gradient2Limit(limit, baselineSeconds, sample.seconds);
    limit = applied(settings, limit, wanted, used || dropped);
    reason = reasonOf(used, dropped, gradientOf(baselineSeconds, sample.seconds) < 1);
  }
  return {
    limit,
    baselineSeconds,
    baselineSamples,
    confirmedAtSeconds,
    probe,
    probeUntilSeconds,
    probesAll,
    reason,
  };
}

/**
 * The state after one more sample; a sample of nothing changes nothing.
 * @param now seconds; going back does no harm
 */
export function nextLimit(settings: LimitSettings, state: LimitState, sample: LimitSample, now: number): LimitState {
  const hasLatency = sample.count > 0 && isFigure(sample.seconds);
  if (settings.algorithm === "aimd") {
    return hasLatency || sample.drops > 0 ? nextAimd(settings, state, sample) : state;
  }
  return hasLatency ? nextByLatency(settings, state, sample, now) : state;
}

/** Requests that may be under way: all together, and those of smaller shares than the largest. */
export interface InForce {
  readonly limit: number;
  readonly others: number;
}

/** What a state lets in: whole numbers from `min` to `max`. */
export function inForce(settings: LimitSettings, state: LimitState): InForce {
  const limit = Math.floor(clampLimit(settings, state.limit));
  if (state.probe === "none") {
    return { limit, others: limit };
  }
  const half = probeLimit(settings, limit);
  return { limit: state.probesAll ? half : limit, others: half };
}
