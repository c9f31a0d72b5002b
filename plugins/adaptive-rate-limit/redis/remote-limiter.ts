import type { PolicyConfig } from "../config.ts";
import type { Quota, Standing } from "../limiter.ts";
import { newGrant, readGrant, redisPrefix, scriptCall, scriptOf, type Grant } from "./scripted-quota.ts";
import type { WatchedRedis } from "./watched-redis.ts";

/** `lost`: Redis did not decide. */
export type Outcome = "admitted" | "refused" | "lost";

/**
 * A limiter whose state all gateways share. It may wait: what stands in `last` is of the last `take` that came to its end, so it is
 * read at once.
 * @noSelf
 */
export interface RemoteLimiter {
  take(key: string, quota: Quota, cost: number, nowSeconds: number): Outcome;
  giveBack(key: string, quota: Quota, cost: number): void;
  readonly last: Standing;
}

/** Asks Redis for a policy's keys. @noSelf */
export interface Asking {
  /** @param least the cost that must be had @param most what is wanted @returns false when Redis did not decide */
  ask(key: string, quota: Quota, least: number, most: number): boolean;
  /** What the last `ask` that came to its end was answered. */
  readonly grant: Grant;
}

export function asking(config: PolicyConfig, redis: WatchedRedis): Asking {
  const { algorithm } = config;
  const script = scriptOf(algorithm);
  const prefix = redisPrefix(config);
  const grant = newGrant();
  return {
    grant,
    ask: (key, quota, least, most) => {
      const reply = redis.evaluate(script, scriptCall(algorithm, prefix + key, quota, least, most));
      if (reply === undefined) {
        return false;
      }
      if (!readGrant(reply, grant)) {
        redis.distrust();
        return false;
      }
      return true;
    },
  };
}

/** Each request asks: exact over all gateways. */
export function exactLimiter(config: PolicyConfig, redis: WatchedRedis): RemoteLimiter {
  const { ask, grant } = asking(config, redis);
  return {
    last: grant,
    take: (key, quota, cost) => {
      if (!ask(key, quota, cost, cost)) {
        return "lost";
      }
      return grant.admitted ? "admitted" : "refused";
    },
    giveBack: (key, quota, cost) => {
      ask(key, quota, -cost, -cost);
    },
  };
}
