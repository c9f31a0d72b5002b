import { isIP } from "node:net";
import type { RoutePath, Upstream } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { isBalanced } from "../_shared/balanced.ts";
import { eventRules } from "./events-view.ts";
import { detourLocation, routeId, upstreamId } from "./names.ts";
import { hostPort } from "./upstream-view.ts";

const PATH_SIGNS = { prefix: "", exact: "= ", regex: "~ " };

/** As it is written in gateway.yaml. */
function pathText(path: RoutePath): string {
  return PATH_SIGNS[path.kind] + path.value;
}

/** Where Lua picks the peers, a name is looked up at run time: no peer is called by it. */
function upstreamSettings(plan: Plan, upstream: Upstream): object {
  const { name, protocol, targets, dynamic } = upstream;
  const balanced = isBalanced(plan, upstream);
  return {
    id: upstreamId(plan, name),
    balanced,
    protocol,
    keys: targets.filter(({ host }) => !balanced || isIP(host) !== 0).map(hostPort),
    peers: targets.map(({ host, port, weight, priority }) => ({ host, port, weight, priority })),
    config: balanced ? dynamic : undefined,
  };
}

/** The plain data that `runtime/settings.ts` describes. */
export function settingsOf(plan: Plan): object {
  const { gateway, routes } = plan;
  return {
    version: plan.version,
    admin: gateway.admin === undefined ? undefined : { token: gateway.admin.token, events: eventRules(plan) },
    upstreams: Object.fromEntries(
      gateway.upstreams.map((upstream) => [upstream.name, upstreamSettings(plan, upstream)]),
    ),
    routes: routes.map((planned) => {
      const id = routeId(plan, planned);
      const others = new Set(planned.plugins.flatMap((plugin) => plugin.upstreams));
      return {
        id,
        name: planned.route.name,
        path: pathText(planned.route.path),
        hosts: planned.route.hosts,
        methods: planned.route.methods,
        upstream: planned.route.upstream,
        locations: Object.fromEntries([...others].map((name) => [name, detourLocation(id, upstreamId(plan, name))])),
        plugins: planned.plugins.map(({ name, module, shadow, config }) => ({ name, module, shadow, config })),
      };
    }),
  };
}
