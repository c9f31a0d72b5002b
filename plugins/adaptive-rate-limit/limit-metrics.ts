import type { EmitMetric } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import type { Policy } from "./policy.ts";
import { totalOf, type Result } from "./tally.ts";

function emitTotal(emit: EmitMetric, store: Store, route: string, policy: Policy, result: Result): void {
  const help = "Requests that a policy of a rate limit let through, refused, or in shadow mode would have refused.";
  const labels = { route, policy: policy.config.name, result };
  emit("gateway_rate_limit_requests_total", "counter", help, labels, totalOf(store, policy.tally.id, result));
}

/** A policy's counters over all workers, and the limits that are in force. */
export function emitPolicy(emit: EmitMetric, store: Store, route: string, policy: Policy): void {
  emitTotal(emit, store, route, policy, "admitted");
  emitTotal(emit, store, route, policy, "refused");
  emitTotal(emit, store, route, policy, "would_refuse");
  const help = "Cost that a policy lets through in its window, with what stress and other gateways take of it.";
  for (const tier of policy.tiers) {
    const labels = { route, policy: policy.config.name, tier: tier.name };
    emit("gateway_rate_limit_limit", "gauge", help, labels, tier.calm.quota.limit);
  }
}
