import { EPOCH_SECONDS, gcraAdmits, gcraHorizon, gcraRemaining, gcraRetry, gcraStep } from "../_core/limit/gcra.ts";
import type { Store } from "../_kit/ports.ts";
import type { Limiter, Quota, Standing } from "./limiter.ts";

/** Of an entry: 0 would be for ever. */
const SHORTEST_SECONDS = 0.001;
/** More than doubles lose, and less than any clock counts: 2^-20 s. */
const SLACK_SECONDS = 1 / 1_048_576;

function atLeastShortest(seconds: number): number {
  return seconds > SHORTEST_SECONDS ? seconds : SHORTEST_SECONDS;
}

/** Seconds until the bucket of a key is full, which is changed by nobody. */
function aheadOf(store: Store, key: string, now: number): number {
  const tat = store.get(key);
  return typeof tat === "number" && tat > now ? tat - now : 0;
}

function answer(last: Standing, ahead: number, tolerance: number, step: number): void {
  last.remaining = gcraRemaining(ahead, tolerance, step);
  last.resetSeconds = ahead;
}

/**
 * GCRA over one entry a key, its TAT. The entry ends when the TAT is reached: a key that is absent has a full bucket, and the next
 * `incr` begins at the present, both at once. README.md says what is lost between workers, and how much of it.
 */
export function gcraLimiter(store: Store): Limiter {
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };

  function put(key: string, cost: number, now: number): void {
    // On a key that has ended meanwhile it would leave less than nothing.
    store.incr(key, -cost, now + cost, SHORTEST_SECONDS);
  }

  return {
    last,
    take: (key: string, quota: Quota, cost: number, nowSeconds: number): boolean => {
      const step = gcraStep(quota.limit, quota.windowSeconds);
      const tolerance = step * quota.burst;
      const costSeconds = step * cost;
      const now = nowSeconds - EPOCH_SECONDS;
      if (!gcraAdmits(costSeconds, tolerance, step)) {
        // It can never pass. Added for a moment, it would keep others out.
        const ahead = aheadOf(store, key, now);
        answer(last, ahead, tolerance, step);
        last.retrySeconds = gcraRetry(ahead, tolerance, costSeconds);
        return false;
      }
      const tat = store.incr(key, costSeconds, now, atLeastShortest(costSeconds)) ?? now + costSeconds;
      let ahead = tat - now;
      const before = ahead - costSeconds;
      if (before < -SLACK_SECONDS || before > gcraHorizon(tolerance, quota.windowSeconds)) {
        // An entry that outlived its TAT by a moment; or the clock was set back.
        ahead = costSeconds;
        store.set(key, now + ahead, atLeastShortest(ahead));
      } else if (gcraAdmits(ahead, tolerance, step)) {
        store.renew(key, atLeastShortest(ahead));
      } else {
        put(key, costSeconds, now);
        answer(last, before, tolerance, step);
        last.retrySeconds = gcraRetry(before, tolerance, costSeconds);
        return false;
      }
      answer(last, ahead, tolerance, step);
      last.retrySeconds = 0;
      return true;
    },
    giveBack: (key: string, quota: Quota, cost: number, nowSeconds: number): void => {
      put(key, gcraStep(quota.limit, quota.windowSeconds) * cost, nowSeconds - EPOCH_SECONDS);
    },
  };
}
