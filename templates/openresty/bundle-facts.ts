import type { Plan } from "../../cli/build/target.ts";
import { BALANCER, isBalanced } from "../_shared/balanced.ts";
import { routeId } from "./names.ts";

/** What `manifest.json` tells of an OpenResty bundle beside its files. */
export function describeBundle(plan: Plan): object {
  const balances = plan.gateway.upstreams.some((upstream) => isBalanced(plan, upstream));
  const dicts = new Set([
    ...plan.routes.flatMap(({ plugins }) => plugins.flatMap((plugin) => plugin.dicts)),
    ...(balances ? (plan.manifests.get(BALANCER)?.dicts ?? []) : []),
  ]);
  return {
    listen: plan.gateway.listen.map(({ address, port }) => ({ address, port })),
    shared_memory_bytes: plan.gateway.sharedMemoryBytes,
    dicts_used: [...dicts].sort(),
    routes: plan.routes.map((planned) => ({
      name: planned.route.name,
      id: routeId(plan, planned),
      upstream: planned.route.upstream,
      plugins: planned.plugins.map(({ name, shadow }) => ({ name, mode: shadow ? "shadow" : "enforce" })),
    })),
  };
}
