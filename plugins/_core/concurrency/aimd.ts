/**
 * AIMD: additive increase, multiplicative decrease.
 *
 *     limit' = limit * 0.9   when requests were dropped, or latency is above what is allowed
 *              limit + 1     else
 *
 * Source: https://github.com/Netflix/concurrency-limits, AIMDLimit.java
 */

const BACK_OFF = 0.9;

/** The next limit, not yet within its bounds. */
export function aimdLimit(limit: number, overloaded: boolean): number {
  return overloaded ? limit * BACK_OFF : limit + 1;
}
