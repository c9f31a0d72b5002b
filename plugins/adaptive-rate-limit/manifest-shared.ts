import type { SharedState } from "../_kit/manifest.ts";
import type { Config, PolicyConfig } from "./config.ts";

/** What routes that share a limit must agree on: all of the policy but what a request costs there and how it is called. */
function sharedPart(policy: PolicyConfig, { store, replicas, replicas_dns }: Config): unknown {
  const { algorithm, limit, window_seconds, burst, key, tiers } = policy;
  return { algorithm, limit, window_seconds, burst, key, tiers, store, replicas, replicas_dns };
}

/** The limits of a route that other routes may share. */
export function sharedLimits(config: Config): readonly SharedState[] {
  return [config, ...config.also].flatMap((policy) =>
    policy.shared === undefined ? [] : [{ name: `limit:${policy.shared}`, config: sharedPart(policy, config) }],
  );
}
