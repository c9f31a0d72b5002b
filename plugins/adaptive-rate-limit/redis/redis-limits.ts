import type { Exposition, Host } from "../../_kit/handlers.ts";
import type { Store } from "../../_kit/ports.ts";
import type { PolicyConfig, RedisConfig } from "../config.ts";
import type { Limiter } from "../limiter.ts";
import { localLimiter } from "../limiters.ts";
import { guardedLimiter } from "./guarded-limiter.ts";
import { leasedLimiter } from "./leased-limiter.ts";
import { createRedisRegistry } from "./redis-registry.ts";
import { exactLimiter } from "./remote-limiter.ts";

/** How the policies of a route keep their state in Redis. */
export interface RedisLimits {
  readonly limiterOf: (this: void, policy: PolicyConfig) => Limiter;
  readonly exposition: Exposition;
}

/**
 * @param store holds leases, and the limits of this gateway alone while Redis is lost
 * @param replicas how many gateways there are
 */
export function redisLimits(
  config: RedisConfig,
  host: Host,
  store: Store,
  replicas: (this: void) => number,
): RedisLimits {
  const registry = host.shared("redis", createRedisRegistry);
  const redis = registry.open(config);
  const { clock } = host;
  return {
    exposition: registry.exposition,
    limiterOf: (policy) => {
      const remote =
        config.mode === "batch" ? leasedLimiter(policy, redis, store, replicas, clock) : exactLimiter(policy, redis);
      return guardedLimiter(remote, localLimiter(policy.algorithm, store), redis, replicas, clock);
    },
  };
}
