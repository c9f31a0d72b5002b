/** Windows of the clock: all of one length, one after the other since the epoch, so that all workers mean the same one. */

/** The number of the window that `nowSeconds` is in. */
function windowNumber(nowSeconds: number, windowSeconds: number): number {
  return Math.floor(nowSeconds / windowSeconds);
}

/** Seconds since that window began, from 0 to its length; doubles may place its border a little beside the true one. */
function windowElapsed(nowSeconds: number, windowSeconds: number, number: number): number {
  const elapsed = nowSeconds - number * windowSeconds;
  if (elapsed < 0) {
    return 0;
  }
  return elapsed > windowSeconds ? windowSeconds : elapsed;
}

/**
 * Forgiven when a used quota is compared with its limit, as a share of the limit: what doubles lose of costs and limits that are no
 * whole numbers.
 */
const SLACK_SHARE = 1e-9;

/** The fixed window's rule, and with a weighted count the sliding one's. @param used with the cost in question */
function windowAdmits(used: number, limit: number): boolean {
  return used <= limit * (1 + SLACK_SHARE);
}

/** Cost that is left of the limit; not negative. */
function windowRemaining(used: number, limit: number): number {
  const left = limit * (1 + SLACK_SHARE) - used;
  return left > 0 ? left : 0;
}

export { windowAdmits, windowElapsed, windowNumber, windowRemaining };
