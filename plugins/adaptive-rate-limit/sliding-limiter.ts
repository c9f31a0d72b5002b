import { windowAdmits, windowElapsed, windowNumber, windowRemaining } from "../_core/limit/clock-window.ts";
import { slidingRetry, slidingUsed } from "../_core/limit/sliding-window.ts";
import { integerText } from "../_core/text.ts";
import type { Store } from "../_kit/ports.ts";
import type { Limiter, Quota, Standing } from "./limiter.ts";
import { recentCounts } from "./recent-counts.ts";

/** Entries outlive their use a little: a worker's clock may be behind, and times to live are rounded down. */
const SLACK_SECONDS = 1;

/**
 * A counter for each key and window of the clock, and of the last window what it came to. That one changes no more: a worker asks
 * for it once. README.md says what it may lack.
 */
export function slidingLimiter(store: Store): Limiter {
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };
  const previousCounts = recentCounts();
  let present = -1;
  let suffix = "";
  let previousSuffix = "";
  /** True when the last look at a key's last window asked the store. */
  let asked = false;

  function turnTo(number: number): void {
    present = number;
    suffix = `|${integerText(number)}`;
    previousSuffix = `|${integerText(number - 1)}`;
    previousCounts.clear();
  }

  function previousOf(key: string): number {
    const known = previousCounts.find(key);
    asked = known === undefined;
    if (known !== undefined) {
      return known;
    }
    const found = store.get(key + previousSuffix);
    const count = typeof found === "number" && found > 0 ? found : 0;
    previousCounts.keep(key, count);
    return count;
  }

  return {
    last,
    take: (key: string, quota: Quota, cost: number, nowSeconds: number): boolean => {
      const { limit, windowSeconds } = quota;
      const number = windowNumber(nowSeconds, windowSeconds);
      if (number !== present) {
        turnTo(number);
      }
      const elapsed = windowElapsed(nowSeconds, windowSeconds, number);
      const share = elapsed / windowSeconds;
      const lifetime = windowSeconds - elapsed + windowSeconds + SLACK_SECONDS;
      if (!windowAdmits(cost, limit)) {
        // It can never pass. Added for a moment, it would keep others out.
        const found = store.get(key + suffix);
        const counted = typeof found === "number" ? found : 0;
        const previous = previousOf(key);
        last.remaining = windowRemaining(slidingUsed(previous, counted, share), limit);
        last.resetSeconds = windowSeconds - elapsed;
        last.retrySeconds = slidingRetry(previous, counted, cost, limit, elapsed, windowSeconds);
        return false;
      }
      const counted = store.incr(key + suffix, cost, 0, lifetime) ?? cost;
      const previous = previousOf(key);
      const used = slidingUsed(previous, counted, share);
      last.resetSeconds = windowSeconds - elapsed;
      if (windowAdmits(used, limit)) {
        last.remaining = windowRemaining(used, limit);
        last.retrySeconds = 0;
        return true;
      }
      if (!asked) {
        store.incr(key + suffix, -cost, cost, lifetime);
      }
      last.remaining = windowRemaining(used - cost, limit);
      last.retrySeconds = slidingRetry(previous, counted - cost, cost, limit, elapsed, windowSeconds);
      return false;
    },
    giveBack: (key: string, quota: Quota, cost: number, nowSeconds: number): void => {
      const number = windowNumber(nowSeconds, quota.windowSeconds);
      store.incr(
        `${key}|${integerText(number)}`,
        -cost,
        cost,
        quota.windowSeconds + quota.windowSeconds + SLACK_SECONDS,
      );
    },
  };
}
