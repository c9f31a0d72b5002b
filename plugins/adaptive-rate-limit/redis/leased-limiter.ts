import { windowElapsed, windowNumber } from "../../_core/limit/clock-window.ts";
import type { Clock, Store } from "../../_kit/ports.ts";
import type { PolicyConfig } from "../config.ts";
import type { Quota, Standing } from "../limiter.ts";
import { leaseSeconds, mostLeased, nextLease } from "./lease-size.ts";
import { asking, type Outcome, type RemoteLimiter } from "./remote-limiter.ts";
import type { WatchedRedis } from "./watched-redis.ts";

/** Of an entry: 0 would be for ever. */
const SHORTEST_SECONDS = 0.001;

/** What is kept for a key in this gateway: what is left of its lease, a counter. */
const LEFT = "l:";
/** How large the last lease was: a cell. */
const SIZE = "s:";
/** When something can be had again: a cell. */
const EMPTY = "e:";
/** Who asks for the next lease. */
const CLAIM = "c:";

function atLeastShortest(seconds: number): number {
  return seconds > SHORTEST_SECONDS ? seconds : SHORTEST_SECONDS;
}

/**
 * Cost is leased ahead and requests are decided here, with two operations of the store. When a lease is used up, the request that
 * finds it so asks for the next one. Those that come meanwhile wait for nobody: each asks for its own cost, as in the exact mode.
 * After a refusal nobody asks until something can be had again.
 */
export function leasedLimiter(
  config: PolicyConfig,
  redis: WatchedRedis,
  store: Store,
  replicas: (this: void) => number,
  clock: Clock,
): RemoteLimiter {
  const { ask, grant } = asking(config, redis);
  const isBucket = config.algorithm === "gcra";
  const isAlike = config.cost_from === undefined;
  const isFixed = config.algorithm === "fixed-window";
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };

  /** What was leased of a window of the clock is worth nothing in the next one. @param resetSeconds until that */
  function lapseOf(windowSeconds: number, resetSeconds: number): number {
    const lapse = leaseSeconds(windowSeconds);
    return atLeastShortest(isFixed && resetSeconds < lapse ? resetSeconds : lapse);
  }

  /** Puts what was leased beyond the request's own cost where all workers find it. */
  function keepLease(key: string, spare: number, windowSeconds: number): void {
    const seconds = lapseOf(windowSeconds, grant.resetSeconds);
    store.set(SIZE + key, grant.granted, seconds);
    if (spare > 0) {
      store.incr(LEFT + key, spare, 0, seconds);
      // What was left before was too little for a request: the time is that of the new lease.
      store.renew(LEFT + key, seconds);
    }
  }

  /** Where requests differ in their cost, others may pass that are smaller. */
  function keepRefusal(key: string, cost: number, windowSeconds: number): void {
    if (isAlike || cost <= 1) {
      const lapse = leaseSeconds(windowSeconds);
      const seconds = grant.retrySeconds < lapse ? grant.retrySeconds : lapse;
      store.set(EMPTY + key, clock.now() + grant.retrySeconds, atLeastShortest(seconds));
    }
  }

  function askFor(key: string, quota: Quota, cost: number): Outcome {
    const leases = store.add(CLAIM + key, true, atLeastShortest(leaseSeconds(quota.windowSeconds)));
    const before = leases ? store.get(SIZE + key) : 0;
    const most = mostLeased(quota, replicas(), isBucket);
    const wanted = leases ? nextLease(typeof before === "number" ? before : 0, most, cost) : cost;
    const isDecided = ask(key, quota, cost, wanted);
    if (leases) {
      store.remove(CLAIM + key);
    }
    if (!isDecided) {
      return "lost";
    }
    last.remaining = grant.remaining;
    last.resetSeconds = grant.resetSeconds;
    last.retrySeconds = grant.retrySeconds;
    if (!grant.admitted) {
      keepRefusal(key, cost, quota.windowSeconds);
      return "refused";
    }
    if (leases) {
      keepLease(key, grant.granted - cost, quota.windowSeconds);
    }
    return "admitted";
  }

  return {
    last,
    take: (key, quota, cost, nowSeconds) => {
      const left = store.get(LEFT + key);
      if (typeof left === "number" && left >= cost) {
        const rest = store.incr(LEFT + key, -cost, 0, SHORTEST_SECONDS) ?? -1;
        if (rest >= 0) {
          last.remaining = rest;
          last.resetSeconds = quota.windowSeconds;
          last.retrySeconds = 0;
          return "admitted";
        }
        // Another worker was faster, or it has lapsed.
        store.incr(LEFT + key, cost, -cost, SHORTEST_SECONDS);
        return askFor(key, quota, cost);
      }
      const until = store.get(EMPTY + key);
      if (typeof until === "number" && until > nowSeconds) {
        last.remaining = 0;
        last.resetSeconds = quota.windowSeconds;
        last.retrySeconds = until - nowSeconds;
        return "refused";
      }
      return askFor(key, quota, cost);
    },
    giveBack: (key, quota, cost) => {
      const now = clock.now();
      const { windowSeconds } = quota;
      const elapsed = windowElapsed(now, windowSeconds, windowNumber(now, windowSeconds));
      store.incr(LEFT + key, cost, 0, lapseOf(windowSeconds, windowSeconds - elapsed));
    },
  };
}
