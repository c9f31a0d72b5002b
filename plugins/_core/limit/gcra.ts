/**
 * The generic cell rate algorithm as "virtual scheduling" (ITU-T Recommendation I.371, annex A; B. Leach, "Rate limiting, cells,
 * and GCRA", https://brandur.org/rate-limiting): a client's whole state is its theoretical arrival time, `TAT`, the moment at
 * which its bucket is full again. With T = window / limit and a tolerance τ = T x burst, a request of some cost at `now` makes
 *
 *     TAT' = max(TAT, now) + T x cost        and is let through when  TAT' - now <= τ
 *
 * Times are in seconds. Whoever keeps a TAT keeps it as seconds since `EPOCH_SECONDS`: a double then has steps of 4 ns or less
 * until 2027 and of 60 ns or less until 2043.
 */

/** 2026-01-01T00:00:00Z. */
const EPOCH_SECONDS = 1_767_225_600;

/** 2^24 and so on: sums of multiples of a power of two are exact. */
const GRID = 16_777_216;
/** 2^-10 s. */
const COARSE_SECONDS = 1 / 1024;
/** 2^-20 s. */
const MOST_SLACK_SECONDS = 1 / 1_048_576;

/** Forgiven when times are compared, less than a request: what doubles may have lost of costs that are no whole numbers. */
function slackOf(step: number): number {
  const share = step / 256;
  return share < MOST_SLACK_SECONDS ? share : MOST_SLACK_SECONDS;
}

/**
 * T: how many seconds of the limit's time one unit of cost takes. Rounded up to 2^-24 s, so that TATs add up exactly for whole
 * costs; that makes a limit lower by 0.006 % at most. Rates above 1,024 a second are not rounded: doubles then err by 0.4 % at
 * a million a second. Never below 2^-24 s, for what is too small to be added would not count.
 */
function gcraStep(limit: number, windowSeconds: number): number {
  const step = windowSeconds / limit;
  if (step < COARSE_SECONDS) {
    return step > 1 / GRID ? step : 1 / GRID;
  }
  return Math.ceil(step * GRID) / GRID;
}

/** @param aheadSeconds TAT' - now @param tolerance T x burst @param step T */
function gcraAdmits(aheadSeconds: number, tolerance: number, step: number): boolean {
  return aheadSeconds <= tolerance + slackOf(step);
}

/** How much cost would be let through at once while TAT is so far ahead of now; not negative. */
function gcraRemaining(aheadSeconds: number, tolerance: number, step: number): number {
  const left = tolerance + slackOf(step) - aheadSeconds;
  return left > 0 ? left / step : 0;
}

/**
 * Seconds until what was refused can pass. A cost above the burst never can: until the bucket is full.
 * @param aheadSeconds TAT - now, without what was refused
 * @param costSeconds T x cost
 */
function gcraRetry(aheadSeconds: number, tolerance: number, costSeconds: number): number {
  const wait = costSeconds > tolerance ? aheadSeconds : aheadSeconds + costSeconds - tolerance;
  return wait > 0 ? wait : 0;
}

/**
 * How far ahead a TAT can be at most while the clock is right: the tolerance, what other workers are about to give back of what
 * they refused (each at most the tolerance; 64 of them at the very same moment are not seen), and a window for a state that
 * another quota left. Farther, the clock was set back.
 */
function gcraHorizon(tolerance: number, windowSeconds: number): number {
  return 64 * tolerance + windowSeconds;
}

export { EPOCH_SECONDS, gcraAdmits, gcraHorizon, gcraRemaining, gcraRetry, gcraStep };
