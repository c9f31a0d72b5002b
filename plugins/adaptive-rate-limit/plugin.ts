import type { Handlers, Host } from "../_kit/handlers.ts";
import { createAdaptation } from "./adapt/create-adaptation.ts";
import type { Config } from "./config.ts";
import { localLimiter } from "./limiters.ts";
import { createLimits } from "./limits.ts";
import { redisLimits } from "./redis/redis-limits.ts";

/** All limits of a route. See README.md. */
function create(config: Config, host: Host): Handlers {
  const store = host.store("autoscale_limits");
  const adaptation = createAdaptation(config, host);
  const redis = config.store.redis;
  if (redis === undefined) {
    return createLimits(config, host, adaptation, (policy) => localLimiter(policy.algorithm, store));
  }
  const shared = redisLimits(redis, host, store, adaptation.replicas);
  const handlers = createLimits(config, host, adaptation, shared.limiterOf);
  handlers.exposition = shared.exposition;
  return handlers;
}

export { create };
