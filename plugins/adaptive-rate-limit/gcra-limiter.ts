import { EPOCH_SECONDS, gcraAdmits, gcraHorizon, gcraRemaining, gcraRetry, gcraStep } from "../_core/limit/gcra.ts";
import type { Store } from "../_kit/ports.ts";
import type { Limiter, Quota, Standing } from "./limiter.ts";

/** What the clock counts by; as a time to live, what is shorter would be for ever. */
const TICK_SECONDS = 0.001;
/** Less than the shortest step, and more than doubles lose: 2^-25 s. */
const SLACK_SECONDS = 1 / 33_554_432;

/**
 * How long an entry may live whose TAT is so far ahead: up to the last tick before that. So one that is there has a TAT in the
 * future, and one whose bucket is full is not there.
 */
function lifetime(aheadSeconds: number): number {
  return aheadSeconds > 2 * TICK_SECONDS ? aheadSeconds - TICK_SECONDS : TICK_SECONDS;
}

/** Seconds until the bucket of a key is full, which is changed by nobody. */
function aheadOf(store: Store, key: string, now: number): number {
  const tat = store.get(key);
  return typeof tat === "number" && tat > now ? tat - now : 0;
}

/**
 * GCRA over one entry a key, its TAT. A key that is absent has a full bucket, and the next `incr` begins at the present, both at
 * once. README.md says what is lost between workers, and how much of it.
 */
export function gcraLimiter(store: Store): Limiter {
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };
  let known: Quota | undefined;
  let step = 0;
  let tolerance = 0;
  let horizon = 0;

  function goBy(quota: Quota): void {
    known = quota;
    step = gcraStep(quota.limit, quota.windowSeconds);
    tolerance = step * quota.burst;
    horizon = gcraHorizon(tolerance, quota.windowSeconds);
  }

  function put(key: string, costSeconds: number, now: number): void {
    // On a key that has ended meanwhile it would leave less than nothing.
    store.incr(key, -costSeconds, now + costSeconds, TICK_SECONDS);
  }

  /** @param ahead TAT - now, without what is refused */
  function refuse(ahead: number, costSeconds: number): boolean {
    last.remaining = gcraRemaining(ahead, tolerance, step);
    last.resetSeconds = ahead;
    last.retrySeconds = gcraRetry(ahead, tolerance, costSeconds);
    return false;
  }

  return {
    last,
    take: (key: string, quota: Quota, cost: number, nowSeconds: number): boolean => {
      if (quota !== known) {
        goBy(quota);
      }
      const now = nowSeconds - EPOCH_SECONDS;
      const costSeconds = step * cost;
      if (!gcraAdmits(costSeconds, tolerance, step)) {
        // It can never pass. Added for a moment, it would keep others out.
        return refuse(aheadOf(store, key, now), costSeconds);
      }
      const tat = store.incr(key, costSeconds, now, lifetime(costSeconds)) ?? now + costSeconds;
      let ahead = tat - now;
      const before = ahead - costSeconds;
      if (before > horizon || before < -2 * TICK_SECONDS) {
        // The clock was set back; or an entry came back after its time.
        ahead = costSeconds;
        store.set(key, now + ahead, lifetime(ahead));
      } else if (!gcraAdmits(ahead, tolerance, step)) {
        put(key, costSeconds, now);
        return refuse(before, costSeconds);
      } else if (ahead > TICK_SECONDS && (before > SLACK_SECONDS || before < -SLACK_SECONDS)) {
        // One that begins here lives as long as it should; of less than a tick nothing is worth keeping.
        store.renew(key, lifetime(ahead));
      }
      last.remaining = gcraRemaining(ahead, tolerance, step);
      last.resetSeconds = ahead > 0 ? ahead : 0;
      last.retrySeconds = 0;
      return true;
    },
    giveBack: (key: string, quota: Quota, cost: number, nowSeconds: number): void => {
      put(key, gcraStep(quota.limit, quota.windowSeconds) * cost, nowSeconds - EPOCH_SECONDS);
    },
  };
}
