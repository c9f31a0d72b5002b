import type { Upstream } from "../../cli/build/model.ts";
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";

/** The plugin that picks them then. */
export const BALANCER = "dynamic-upstreams";

function selectsPeers({ plugins }: PlannedRoute): boolean {
  return plugins.some(({ phases }) => phases.includes("select_upstream"));
}

/** True when the peers of this upstream are picked in Lua: gateway.yaml asks for it, or a plugin of a route to it has a say. */
export function isBalanced(plan: Plan, { name, isDynamic }: Upstream): boolean {
  return isDynamic || plan.routes.some((planned) => planned.route.upstream === name && selectsPeers(planned));
}
