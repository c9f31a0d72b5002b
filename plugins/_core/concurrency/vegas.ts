/**
 * Vegas, after TCP Vegas: the limit follows how many requests wait in the upstream.
 *
 *     queue  = ceil(limit * (1 - baseline / latency))
 *     step   = max(1, floor(log10(limit)));  alpha = 3 * step;  beta = 6 * step
 *     limit' = limit + beta   when queue <= step
 *              limit + step   when queue < alpha
 *              limit - step   when queue > beta, or requests were dropped
 *              limit          else
 *
 * Source: https://github.com/Netflix/concurrency-limits, VegasLimit.java (and Log10RootIntFunction.java for the step)
 */

const ALPHA = 3;
const BETA = 6;

/** max(1, floor(log10(limit))), without a logarithm whose last digit differs between machines. */
export function stepOf(limit: number): number {
  let step = 1;
  for (let bound = 100; bound <= limit; bound *= 10) {
    step += 1;
  }
  return step;
}

/**
 * The next limit, not yet within its bounds.
 * @param baselineSeconds above 0
 * @param seconds above 0
 * @param dropped requests were refused, or timed out
 */
export function vegasLimit(limit: number, baselineSeconds: number, seconds: number, dropped: boolean): number {
  const step = stepOf(limit);
  if (dropped) {
    return limit - step;
  }
  const queue = Math.ceil(limit * (1 - baselineSeconds / seconds));
  if (queue <= step) {
    return limit + BETA * step;
  }
  if (queue < ALPHA * step) {
    return limit + step;
  }
  return queue > BETA * step ? limit - step : limit;
}
