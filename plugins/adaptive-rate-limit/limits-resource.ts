import type { AdminResource } from "../_kit/handlers.ts";
import type { JsonValue, Store } from "../_kit/ports.ts";
import type { Policy } from "./policy.ts";
import { totalOf } from "./tally.ts";

type Shown = Record<string, JsonValue | undefined>;

function shownPolicy(policy: Policy, store: Store): Shown {
  const { config, tally } = policy;
  const limits: Shown = {};
  for (const tier of policy.tiers) {
    limits[tier.name] = tier.calm.quota.limit;
  }
  return {
    algorithm: config.algorithm,
    window_seconds: config.window_seconds,
    burst: config.algorithm === "gcra" ? policy.tier.calm.quota.burst : undefined,
    limits,
    shared: config.shared,
    refusing: tally.refusing,
    admitted: totalOf(store, tally.id, "admitted"),
    refused: totalOf(store, tally.id, "refused"),
    would_refuse: totalOf(store, tally.id, "would_refuse"),
  };
}

/** A route's limits as people see them: how much of them is in force, and why; and of each policy what it does. */
export function limitsResource(adapted: AdminResource, policies: readonly Policy[], store: Store): AdminResource {
  const put = adapted.put;
  const resource: AdminResource = {
    collection: adapted.collection,
    id: adapted.id,
    get: () => {
      const shown: Shown = {};
      const state = adapted.get();
      for (const name in state) {
        shown[name] = state[name];
      }
      const each: Shown = {};
      for (const policy of policies) {
        each[policy.config.name] = shownPolicy(policy, store);
      }
      shown["policies"] = each;
      return shown;
    },
  };
  if (put !== undefined) {
    resource.put = put;
  }
  return resource;
}
