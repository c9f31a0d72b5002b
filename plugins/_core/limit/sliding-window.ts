/**
 * The sliding window of two counters (Cloudflare, "How we built rate limiting capable of scaling to millions of domains",
 * https://blog.cloudflare.com/counting-things-a-lot-of-different-things/): what came in the last W seconds is taken for
 *
 *     previous x (1 - elapsed / W) + current
 *
 * as if the requests of the previous window of the clock had come evenly. Within one window never more than the limit is let
 * through, and in any time t up to W never more than limit x (1 + t / W): of a time that begins x before a window's end and ends
 * y after it, the first part has at most `previous`, the second limit - previous x (1 - y / W), together at most
 * limit + previous x y / W.
 */

/** @param share elapsed / W, from 0 to 1 */
function slidingUsed(previous: number, current: number, share: number): number {
  return previous * (1 - share) + current;
}

/**
 * Seconds until what was refused can pass, if nothing else comes. A cost above the limit never can: until both windows are over.
 * @param current without what was refused
 */
function slidingRetry(
  previous: number,
  current: number,
  cost: number,
  limit: number,
  elapsedSeconds: number,
  windowSeconds: number,
): number {
  const left = windowSeconds - elapsedSeconds;
  if (cost > limit) {
    return left + windowSeconds;
  }
  const free = limit - cost - current;
  if (free >= 0) {
    // previous x (1 - e / W) = free, at some e of this window.
    const at = previous > 0 ? windowSeconds * (1 - free / previous) : 0;
    return at > elapsedSeconds ? at - elapsedSeconds : 0;
  }
  // In the next window, where the current one is the previous.
  const at = windowSeconds * (1 - (limit - cost) / current);
  return left + at;
}

export { slidingRetry, slidingUsed };
