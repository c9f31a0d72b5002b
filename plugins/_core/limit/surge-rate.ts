/**
 * How much a client sends of late and how much it is used to send: its cost over about the last 10 and the last 600
 * seconds, as sums that decay when they are touched:
 *
 *     d = exp(-dt / tau)      sum = sum * d + cost      weight = weight * d + 1 - d
 *
 * `weight` is how much of `tau` was watched, so `sum / (tau * weight)` is a mean of what is known, and not too small in the beginning
 * (the bias correction of Kingma and Ba, "Adam", 2015, section 3). A client that is new has no history: it is given one, that of the
 * average client, with the weight of the time in which it is known to have been absent. So a new client is ordinary
 * while it sends what others send, and a flood from a new address counts at once. Where nothing was known before,
 * as in a worker that has just begun, that weight is 0, and the client's own beginning is its history.
 */

/** What counts as "of late". */
const SHORT_SECONDS = 10;
/** What a client is used to. One that goes on surging is used to it after at most `-600 * ln(1 - 1 / multiple)` seconds. */
const LONG_SECONDS = 600;
/** So many requests like this one in the last seconds: the rate of fewer is chance. */
const LEAST_REQUESTS = 10;

interface ClientRate {
  /** Cost of late. */
  short: number;
  /** Cost over the long time. */
  long: number;
  /** 0 to 1 */
  longWeight: number;
  atSeconds: number;
}

/** How much of a history of `seconds` counts, 0 to 1. */
function historyWeight(seconds: number): number {
  return seconds > 0 ? 1 - Math.exp(-seconds / LONG_SECONDS) : 0;
}

/**
 * @param usual cost a second that it is taken to be used to
 * @param weight 0 to 1
 */
function newClientRate(usual: number, weight: number, nowSeconds: number): ClientRate {
  return { short: 0, long: usual * LONG_SECONDS * weight, longWeight: weight, atSeconds: nowSeconds };
}

/** Counts a request. A clock that was set back decays nothing. */
function addCost(rate: ClientRate, cost: number, nowSeconds: number): void {
  const elapsed = nowSeconds - rate.atSeconds;
  if (elapsed > 0) {
    const decay = Math.exp(-elapsed / LONG_SECONDS);
    rate.short = rate.short * Math.exp(-elapsed / SHORT_SECONDS);
    rate.long = rate.long * decay;
    rate.longWeight = rate.longWeight * decay + 1 - decay;
  }
  rate.atSeconds = nowSeconds;
  rate.short += cost;
  rate.long += cost;
}

/** Cost a second that the client is used to; 0 while nothing is known. */
function usualRate(rate: ClientRate): number {
  return rate.longWeight > 0 ? rate.long / (LONG_SECONDS * rate.longWeight) : 0;
}

/**
 * True when it sends `multiple` times of what it is used to. The ratio has no unit: a worker that sees an eighth of a client's
 * requests finds the same.
 * @param cost of the request that was counted last
 */
function isSurging(rate: ClientRate, cost: number, multiple: number): boolean {
  return (
    rate.longWeight > 0 &&
    rate.short >= LEAST_REQUESTS * cost &&
    rate.short * LONG_SECONDS * rate.longWeight >= multiple * SHORT_SECONDS * rate.long
  );
}

export { addCost, historyWeight, isSurging, newClientRate, usualRate };
export type { ClientRate };
