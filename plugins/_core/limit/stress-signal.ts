/**
 * One sign of stress over time. A sample is what was measured divided by its threshold: 1 is the threshold. Samples are noisy,
 * so they are smoothed (an exponentially weighted mean), and between stress and calm lies a band in which nothing is done.
 */

/** Weight of the newest sample. Two of twice the threshold in a row are stress, one alone is not; of less it takes some more. */
const SMOOTHING = 0.3;
/** No sample counts for more: how long ago something was bad must not depend on how bad it was. */
const MOST = 2;
/** Below this share of the threshold it is calm again. */
const CALM = 0.9;

interface SignalState {
  /** Smoothed, 0 to 2. */
  readonly ratio: number;
  /** The newest, 0 to 2. */
  readonly sample: number;
  readonly atSeconds: number;
}

/** What signs ask for: less, no more than now, or nothing. */
type Verdict = "stress" | "between" | "calm";

/**
 * The signal after an interval.
 * @param sample what was measured divided by the threshold; undefined when there was nothing to measure
 * @param staleSeconds so long a signal is remembered without a new sample
 * @returns undefined while nothing is known
 */
function nextSignal(
  previous: SignalState | undefined,
  sample: number | undefined,
  nowSeconds: number,
  staleSeconds: number,
): SignalState | undefined {
  // What is no number at all compares as false.
  if (sample !== undefined && sample >= 0) {
    const capped = sample < MOST ? sample : MOST;
    // It begins in calm: a gateway that has just started is busy for a moment.
    const before = previous === undefined ? 0 : previous.ratio;
    const ratio = before + SMOOTHING * (capped - before);
    return { ratio, sample: capped, atSeconds: nowSeconds };
  }
  if (previous === undefined || nowSeconds - previous.atSeconds > staleSeconds) {
    return undefined;
  }
  // A clock that was set back must not keep it for hours.
  return previous.atSeconds > nowSeconds
    ? { ratio: previous.ratio, sample: previous.sample, atSeconds: nowSeconds }
    : previous;
}

/**
 * Stress needs both a new sample and the mean at the threshold: the first so that nothing is cut after it has ended, the second
 * so that one late answer does not cut. Calm needs both below it, the mean by a tenth.
 * @param isNew the signal has a sample of this interval
 */
function verdictOf(signal: SignalState, isNew: boolean): Verdict {
  if (isNew && signal.sample >= 1 && signal.ratio >= 1) {
    return "stress";
  }
  return signal.sample >= 1 || signal.ratio >= CALM ? "between" : "calm";
}

/** Of two verdicts the one that asks for less. */
function worseVerdict(one: Verdict, other: Verdict): Verdict {
  if (one === "stress" || other === "stress") {
    return "stress";
  }
  return one === "between" || other === "between" ? "between" : "calm";
}

export { nextSignal, verdictOf, worseVerdict };
export type { SignalState, Verdict };
