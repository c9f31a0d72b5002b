/**
 * How the latency without load is found while the load lasts: for a moment only half of the limit is let in. Envoy's adaptive
 * concurrency does the same with 3 requests at once for `min_rtt_calc_params` (every 60 s); half costs less, and finds as much:
 *
 * Under a standing queue latency is in proportion to what is under way, so a probe finds half the latency. Gradient2 with its
 * tolerance of 1.5 then settles at three quarters of the former limit, or less, and so on, until half of the limit is less than
 * the upstream does at once: then the probe finds the true latency. Where latency is not of a queue, the probe finds it
 * unchanged, and the limit may rise.
 *
 * First only requests below the largest share are held up: what is most important pays for no measurement. When these alone
 * keep the upstream busy the next probe holds up all.
 *
 * Source of the idea: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/adaptive_concurrency_filter
 */
import { measuredBaseline, nextBaseline, type Baseline } from "./baseline.ts";
import { clampLimit, type LimitSample, type LimitSettings, type LimitState, type ProbePhase } from "./limit-state.ts";

/** A baseline that was not seen without load for so long is measured. */
const PROBE_SECONDS = 30;
/** The first time under load, after a probe that could not empty the upstream, and after one that found another latency. */
const SOON_SECONDS = 5;
/** A baseline that a probe changes by more than this share of itself is not found yet. */
const FOUND = 0.1;
/** What was under way before a probe has ended after so many mean latencies. */
const DRAIN_LATENCIES = 2;
/** A drain takes no longer, however slow the upstream is. */
const MOST_DRAIN_SECONDS = 10;
/** With more than this share of the limit under way the upstream was not emptied. */
const EMPTIED = 0.75;

/** What is let in while a probe lasts. */
export function probeLimit(settings: LimitSettings, limit: number): number {
  return clampLimit(settings, Math.ceil(limit / 2));
}

interface ProbeStep {
  readonly probe: ProbePhase;
  readonly probeUntilSeconds: number;
  readonly probesAll: boolean;
  readonly confirmedAtSeconds: number;
  readonly baseline: Baseline;
}

function measure(state: LimitState, sample: LimitSample, now: number): ProbeStep {
  const emptied = sample.maxInFlight <= state.limit * EMPTIED;
  const found = emptied && Math.abs(sample.seconds - state.baselineSeconds) <= state.baselineSeconds * FOUND;
  return {
    probe: "none",
    probeUntilSeconds: 0,
    probesAll: emptied ? state.probesAll : true,
    confirmedAtSeconds: found ? now : now - PROBE_SECONDS + SOON_SECONDS,
    baseline: emptied ? measuredBaseline(sample) : nextBaseline(state, sample, true),
  };
}

function begin(state: LimitState, sample: LimitSample, now: number): ProbeStep {
  const drain = sample.seconds * DRAIN_LATENCIES;
  return {
    probe: "drain",
    probeUntilSeconds: now + (drain < MOST_DRAIN_SECONDS ? drain : MOST_DRAIN_SECONDS),
    probesAll: state.probesAll,
    confirmedAtSeconds: state.confirmedAtSeconds,
    baseline: nextBaseline(state, sample, true),
  };
}

/**
 * Under load the time of the last look without it stays. The next probe is soon before the first look, and when requests take
 * less than the baseline: then it is not of this load any more.
 */
function confirmedAt(state: LimitState, sample: LimitSample, now: number): number {
  const at = state.confirmedAtSeconds;
  const soon = now - PROBE_SECONDS + SOON_SECONDS;
  const isStale = sample.seconds < state.baselineSeconds * (1 - FOUND);
  if (at === 0 || (isStale && at > soon)) {
    return soon;
  }
  // The clock was set back.
  return at > now ? now : at;
}

function rest(state: LimitState, sample: LimitSample, used: boolean, now: number): ProbeStep {
  return {
    probe: "none",
    probeUntilSeconds: 0,
    probesAll: used && state.probesAll,
    confirmedAtSeconds: used ? confirmedAt(state, sample, now) : now,
    baseline: nextBaseline(state, sample, used),
  };
}

/**
 * What is known of the latency without load after one more sample, and whether it is to be measured.
 * @param used the sample was taken under load
 */
export function nextProbe(
  settings: LimitSettings,
  state: LimitState,
  sample: LimitSample,
  used: boolean,
  now: number,
): ProbeStep {
  const wentBack = now < state.confirmedAtSeconds;
  if (state.probe === "measure" && !wentBack) {
    return measure(state, sample, now);
  }
  if (state.probe === "drain" && !wentBack) {
    const { probeUntilSeconds, probesAll, confirmedAtSeconds } = state;
    const probe = now >= probeUntilSeconds ? "measure" : "drain";
    return { probe, probeUntilSeconds, probesAll, confirmedAtSeconds, baseline: nextBaseline(state, sample, true) };
  }
  const isDue = used && !wentBack && state.confirmedAtSeconds > 0 && now - state.confirmedAtSeconds >= PROBE_SECONDS;
  if (!isDue) {
    return rest(state, sample, used, now);
  }
  if (probeLimit(settings, state.limit) > state.limit * EMPTIED) {
    // It cannot fall much below: a lower baseline would change nothing, and a higher one lets it rise.
    const probesAll = state.probesAll;
    return {
      probe: "none",
      probeUntilSeconds: 0,
      probesAll,
      confirmedAtSeconds: now,
      baseline: measuredBaseline(sample),
    };
  }
  return begin(state, sample, now);
}
