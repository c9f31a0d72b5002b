/**
 * Gradient2: the limit follows how much longer requests take than without load.
 *
 *     gradient = max(0.5, min(1, tolerance * baseline / latency))
 *     limit'   = (1 - smoothing) * limit + smoothing * (limit * gradient + queue)
 *
 * with tolerance 1.5, smoothing 0.2 and queue 4: the limit rises by up to 0.8 a step, and falls by up to a tenth less 0.8. Before an
 * upstream that does C at once it settles where `1 - 4 / limit = 1.5 * C / limit`, at `1.5 * C + 4`: a queue of half of C and
 * four, so latency is about 1.5 times that without load, and somewhat more for a small C.
 *
 * Source: https://github.com/Netflix/concurrency-limits, Gradient2Limit.java
 */

const TOLERANCE = 1.5;
const SMOOTHING = 0.2;
const QUEUE = 4;
const LEAST_GRADIENT = 0.5;

/**
 * 1: no slower than is tolerated.
 * @param baselineSeconds above 0
 * @param seconds above 0
 */
export function gradientOf(baselineSeconds: number, seconds: number): number {
  const gradient = (TOLERANCE * baselineSeconds) / seconds;
  if (gradient >= 1) {
    return 1;
  }
  return gradient > LEAST_GRADIENT ? gradient : LEAST_GRADIENT;
}

/** The next limit, not yet within its bounds. */
export function gradient2Limit(limit: number, baselineSeconds: number, seconds: number): number {
  const target = limit * gradientOf(baselineSeconds, seconds) + QUEUE;
  return limit * (1 - SMOOTHING) + target * SMOOTHING;
}
