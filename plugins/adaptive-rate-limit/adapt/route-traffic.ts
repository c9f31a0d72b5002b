import type { Context } from "../../_kit/context.ts";
import type { Store } from "../../_kit/ports.ts";

/** Of fewer requests a mean says little. */
const LEAST_REQUESTS = 20;
/** What was counted is forgotten when nobody has for so long. */
const TTL_SECONDS = 86_400;
const FIRST_ERROR = 500;

/** What the route's upstream did with requests. */
export interface Traffic {
  readonly meanSeconds: number;
  readonly errorPercent: number;
}

/**
 * What a route's upstream does: each worker counts for itself and adds that to the counts of all at each flush.
 * @noSelf
 */
export interface RouteTraffic {
  /** log: counts a request that an upstream was asked for. */
  readonly observe: (this: void, context: Context) => void;
  flush(): void;
  /**
   * Of all requests since the last one that was told of, once there are twenty; undefined until then. Those of longer
   * ago than `mostSeconds` are not told of.
   */
  take(nowSeconds: number, mostSeconds: number): Traffic | undefined;
}

interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly seconds: number;
}

function total(store: Store, key: string): number {
  const value = store.get(key);
  return typeof value === "number" ? value : 0;
}

/** @param prefix of the counters' keys @param timed whether times are looked at: to read one costs some hundred instructions */
export function routeTraffic(store: Store, prefix: string, timed: boolean): RouteTraffic {
  const requestsKey = `${prefix}requests`;
  const errorsKey = `${prefix}errors`;
  const secondsKey = `${prefix}seconds`;
  let requests = 0;
  let errors = 0;
  let seconds = 0;
  let told: Totals | undefined;
  let toldSeconds = 0;

  function totals(): Totals {
    return {
      requests: total(store, requestsKey),
      errors: total(store, errorsKey),
      seconds: timed ? total(store, secondsKey) : 0,
    };
  }

  return {
    observe: (context) => {
      // What another upstream answers says nothing of this one.
      if (!context.proxied() || context.routedTo() !== undefined) {
        return;
      }
      requests += 1;
      // nginx answers with 502 or 504 when the upstream gave no answer.
      if (context.status() >= FIRST_ERROR) {
        errors += 1;
      }
      if (timed) {
        seconds += context.upstreamSeconds() ?? 0;
      }
    },
    flush: () => {
      if (requests === 0) {
        return;
      }
      store.incr(requestsKey, requests, 0, TTL_SECONDS);
      if (errors > 0) {
        store.incr(errorsKey, errors, 0, TTL_SECONDS);
      }
      if (seconds > 0) {
        store.incr(secondsKey, seconds, 0, TTL_SECONDS);
      }
      requests = 0;
      errors = 0;
      seconds = 0;
    },
    take: (now, mostSeconds) => {
      const before = told;
      const after = totals();
      // Counts that have become less began anew; after a change of the worker that asks, the old ones are old.
      if (
        before === undefined ||
        after.requests < before.requests ||
        after.errors < before.errors ||
        after.seconds < before.seconds ||
        now - toldSeconds > mostSeconds ||
        now < toldSeconds
      ) {
        told = after;
        toldSeconds = now;
        return undefined;
      }
      const count = after.requests - before.requests;
      if (count < LEAST_REQUESTS) {
        return undefined;
      }
      told = after;
      toldSeconds = now;
      return {
        meanSeconds: (after.seconds - before.seconds) / count,
        errorPercent: ((after.errors - before.errors) * 100) / count,
      };
    },
  };
}
