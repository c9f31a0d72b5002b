import { sharedBurst, sharedLimit } from "../../_core/limit/quota-share.ts";
import type { Clock } from "../../_kit/ports.ts";
import type { Limiter, Quota, Standing } from "../limiter.ts";
import type { RemoteLimiter } from "./remote-limiter.ts";
import type { WatchedRedis } from "./watched-redis.ts";

/** A quota that can be written anew: no request makes one. */
interface OwnQuota {
  limit: number;
  windowSeconds: number;
  burst: number;
}

/** How long what was let through without Redis weighs: a window, or until a used-up bucket is full again. */
function settleSeconds({ limit, windowSeconds, burst }: Quota): number {
  return burst > limit ? (windowSeconds * burst) / limit : windowSeconds;
}

/** The answer of whichever limit is nearer to its end. */
function copyNearer(to: Standing, one: Standing, other: Standing): void {
  const nearer = one.remaining < other.remaining ? one : other;
  to.remaining = nearer.remaining;
  to.resetSeconds = nearer.resetSeconds;
  to.retrySeconds = nearer.retrySeconds;
}

/**
 * Redis decides while it can, and this gateway's own share of the limit, `limit / replicas`, while it cannot. When Redis is back, it
 * does not know what was let through without it: for one window both must agree. Every time as long as a window lies either before
 * the end of that, and then the shares have bounded it, or after the moment when Redis came back, and then Redis has counted all
 * of it.
 */
export function guardedLimiter(
  remote: RemoteLimiter,
  local: Limiter,
  redis: WatchedRedis,
  replicas: (this: void) => number,
  clock: Clock,
): Limiter {
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };
  const own: OwnQuota = { limit: 0, windowSeconds: 0, burst: 0 };

  /** This gateway's share; never less than one request. */
  function shareOf(quota: Quota, cost: number): Quota {
    const gateways = replicas();
    const least = cost > 1 ? cost : 1;
    own.limit = sharedLimit(quota.limit, 1, gateways, least);
    own.burst = sharedBurst(quota.burst, quota.limit, 1, gateways, least);
    own.windowSeconds = quota.windowSeconds;
    return own;
  }

  function takeOwn(key: string, quota: Quota, cost: number, now: number): boolean {
    const isAdmitted = local.take(key, shareOf(quota, cost), cost, now);
    copyNearer(last, local.last, local.last);
    return isAdmitted;
  }

  function isSettling(quota: Quota): boolean {
    const back = redis.backSeconds();
    return back > 0 && clock.now() < back + settleSeconds(quota);
  }

  function takeBoth(key: string, quota: Quota, cost: number, now: number): boolean {
    if (!takeOwn(key, quota, cost, now)) {
      return false;
    }
    const { remaining, resetSeconds } = last;
    const outcome = remote.take(key, quota, cost, now);
    if (outcome === "refused") {
      local.giveBack(key, shareOf(quota, cost), cost, now);
      copyNearer(last, remote.last, remote.last);
      return false;
    }
    // Others have come by here meanwhile.
    last.remaining = remaining;
    last.resetSeconds = resetSeconds;
    last.retrySeconds = 0;
    if (outcome === "admitted") {
      copyNearer(last, last, remote.last);
    }
    return true;
  }

  return {
    last,
    take: (key: string, quota: Quota, cost: number, nowSeconds: number): boolean => {
      if (!redis.isUp()) {
        return takeOwn(key, quota, cost, nowSeconds);
      }
      if (isSettling(quota)) {
        return takeBoth(key, quota, cost, nowSeconds);
      }
      const outcome = remote.take(key, quota, cost, nowSeconds);
      if (outcome === "lost") {
        return takeOwn(key, quota, cost, nowSeconds);
      }
      copyNearer(last, remote.last, remote.last);
      if (outcome === "admitted" && isSettling(quota) && !takeOwn(key, quota, cost, nowSeconds)) {
        // This very request has met a Redis that was restarted.
        const { remaining, resetSeconds, retrySeconds } = last;
        remote.giveBack(key, quota, cost);
        last.remaining = remaining;
        last.resetSeconds = resetSeconds;
        last.retrySeconds = retrySeconds;
        return false;
      }
      return outcome === "admitted";
    },
    giveBack: (key: string, quota: Quota, cost: number, nowSeconds: number): void => {
      const isUp = redis.isUp();
      if (!isUp || isSettling(quota)) {
        local.giveBack(key, shareOf(quota, cost), cost, nowSeconds);
      }
      if (isUp) {
        remote.giveBack(key, quota, cost);
      }
    },
  };
}
