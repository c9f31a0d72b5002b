import type { RoutePath } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { eventRules } from "./events-view.ts";
import { detourLocation, routeId, upstreamId } from "./names.ts";
import { hostPort, isBalanced } from "./upstream-view.ts";

const PATH_SIGNS = { prefix: "", exact: "= ", regex: "~ " };

/** As it is written in gateway.yaml. */
function pathText(path: RoutePath): string {
  return PATH_SIGNS[path.kind] + path.value;
}

/** The plain data that `runtime/settings.ts` describes. */
export function settingsOf(plan: Plan): object {
  const { gateway, routes } = plan;
  return {
    version: plan.version,
    admin: gateway.admin === undefined ? undefined : { token: gateway.admin.token, events: eventRules(plan) },
    upstreams: Object.fromEntries(
      gateway.upstreams.map((upstream) => [
        upstream.name,
        {
          id: upstreamId(plan, upstream.name),
          balanced: isBalanced(plan, upstream),
          keys: upstream.targets.map(hostPort),
          protocol: upstream.protocol,
          peers: upstream.targets.map(({ host, port, weight, priority }) => ({ host, port, weight, priority })),
          file: upstream.discovery?.file,
          retries: upstream.retries.attempts,
        },
      ]),
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
