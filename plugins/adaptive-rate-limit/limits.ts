import type { Handlers, Host } from "../_kit/handlers.ts";
import type { Adaptation } from "./adaptation.ts";
import { admit, type Admission } from "./admission.ts";
import type { Config, PolicyConfig } from "./config.ts";
import { emitPolicy } from "./limit-metrics.ts";
import type { Limiter } from "./limiter.ts";
import { limitsResource } from "./limits-resource.ts";
import { newPolicy, type Policy } from "./policy.ts";
import { createTallies } from "./tally.ts";
import { regrant } from "./tiers.ts";

/** All policies of a route over what adapts them and what keeps their state. */
export function createLimits(
  config: Config,
  host: Host,
  adaptation: Adaptation,
  limiterOf: (this: void, policy: PolicyConfig) => Limiter,
): Handlers {
  const { route } = host.place;
  const totals = host.store("autoscale");
  const tallies = host.shared("tallies", createTallies);
  const policies: Policy[] = [];

  function add(policy: PolicyConfig): void {
    const tally = tallies.open(`${route}/${policy.name}`, host.shadow, policy.limit, policy.window_seconds);
    policies.push(newPolicy(policy, route, config.adapt.floor, limiterOf(policy), tally));
  }

  add(config);
  for (const policy of config.also) {
    add(policy);
  }

  const admission: Admission = {
    config,
    host,
    adaptation,
    policies,
    watchesSurges: config.adapt.surge_multiple !== undefined,
  };
  let version = adaptation.version();

  function recompute(): void {
    version = adaptation.version();
    // Gateways that share the state in Redis share the whole limit.
    const replicas = config.store.redis === undefined ? adaptation.replicas() : 1;
    for (const policy of policies) {
      for (const tier of policy.tiers) {
        regrant(policy.config, tier, adaptation, replicas);
      }
    }
  }

  recompute();
  const handlers: Handlers = {
    access: (context) => {
      if (adaptation.version() !== version) {
        recompute();
      }
      const refusal = admit(admission, context);
      return refusal;
    },
    admin: [limitsResource(adaptation.resource, policies, totals)],
    metrics: (emit) => {
      for (const policy of policies) {
        emitPolicy(emit, totals, route, policy);
      }
      adaptation.metrics(emit);
    },
    end: () => {
      for (const policy of policies) {
        tallies.close(policy.tally);
      }
      adaptation.end();
    },
  };
  if (adaptation.observe !== undefined) {
    handlers.log = adaptation.observe;
  }
  return handlers;
}
