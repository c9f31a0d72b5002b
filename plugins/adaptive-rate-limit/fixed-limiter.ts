import { windowAdmits, windowElapsed, windowNumber, windowRemaining } from "../_core/limit/clock-window.ts";
import { integerText } from "../_core/text.ts";
import type { Store } from "../_kit/ports.ts";
import type { Limiter, Quota, Standing } from "./limiter.ts";

/** Entries outlive their window a little: a worker's clock may be behind, and times to live are rounded down. */
const SLACK_SECONDS = 1;

/** One counter for each key and window of the clock: exact, as each request's `incr` tells what all workers have counted. */
export function fixedLimiter(store: Store): Limiter {
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };
  let suffixed = -1;
  let suffix = "";

  function turnTo(quota: Quota, nowSeconds: number): void {
    const windowSeconds = quota.windowSeconds;
    const number = windowNumber(nowSeconds, windowSeconds);
    if (number !== suffixed) {
      suffixed = number;
      suffix = `|${integerText(number)}`;
    }
    last.resetSeconds = windowSeconds - windowElapsed(nowSeconds, windowSeconds, number);
  }

  function add(key: string, cost: number, initial: number): number {
    return store.incr(key + suffix, cost, initial, last.resetSeconds + SLACK_SECONDS) ?? cost;
  }

  /** It can never pass. Added for a moment, it would keep others out. */
  function refuse(key: string, limit: number): boolean {
    const used = store.get(key + suffix);
    last.remaining = windowRemaining(typeof used === "number" ? used : 0, limit);
    last.retrySeconds = last.resetSeconds;
    return false;
  }

  return {
    last,
    take: (key: string, quota: Quota, cost: number, nowSeconds: number): boolean => {
      turnTo(quota, nowSeconds);
      if (!windowAdmits(cost, quota.limit)) {
        return refuse(key, quota.limit);
      }
      const used = add(key, cost, 0);
      if (windowAdmits(used, quota.limit)) {
        last.remaining = windowRemaining(used, quota.limit);
        last.retrySeconds = 0;
        return true;
      }
      add(key, -cost, cost);
      last.remaining = windowRemaining(used - cost, quota.limit);
      last.retrySeconds = last.resetSeconds;
      return false;
    },
    giveBack: (key: string, quota: Quota, cost: number, nowSeconds: number): void => {
      // Of a window that is over meanwhile nothing is left to give back: an entry that begins here begins at 0.
      turnTo(quota, nowSeconds);
      add(key, -cost, cost);
    },
  };
}
