import type { Quota } from "../limiter.ts";

/** All gateways together hold at most a twentieth of a limit in leases. */
const SHARE = 20;
/** GCRA: more than half of a burst would leave none for others. */
const BURST_SHARE = 2;

const WINDOWS_SHARE = 10;
const MOST_SECONDS = 5;

/**
 * The most that a gateway leases at once: `limit / 20 / replicas`. So much may be let through too much, by each gateway: what was
 * leased before a window may be used in it.
 * @param isBucket GCRA, where no more than a burst can be had at once
 */
export function mostLeased({ limit, burst }: Quota, replicas: number, isBucket: boolean): number {
  const bound = isBucket && burst / BURST_SHARE < limit / SHARE ? burst / BURST_SHARE : limit / SHARE;
  const most = Math.floor(bound / replicas);
  return most > 1 ? most : 1;
}

/**
 * A lease is twice the one before, which was used up, and begins at one request: so what lapses unused is never more than what was
 * used since the last pause, and one request.
 * @param before the last lease; 0 after a pause
 */
export function nextLease(before: number, most: number, cost: number): number {
  const doubled = before + before;
  const size = doubled < most ? doubled : most;
  return size > cost ? size : cost;
}

/** An unused lease lapses after a tenth of its window, and after 5 seconds at most. */
export function leaseSeconds(windowSeconds: number): number {
  const seconds = windowSeconds / WINDOWS_SHARE;
  return seconds < MOST_SECONDS ? seconds : MOST_SECONDS;
}
