/** kong.yml: the whole gateway as Kong's declarative configuration. */
import type { Plan, PlannedPlugin, PlannedRoute } from "../../cli/build/target.ts";
import { entityId } from "./entity-id.ts";
import { routeMatch } from "./route-match.ts";
import { isGrpc, serviceId, services, upstreams } from "./service-view.ts";
import { TAGS } from "./tags.ts";
import { yamlText } from "./yaml-text.ts";

/** Kong's protocols of a route: those of what its peers speak. */
function protocolsOf(plan: Plan, planned: PlannedRoute): string[] {
  return isGrpc(plan, planned) ? ["grpc", "grpcs"] : ["http", "https"];
}

/** Kong refuses to cut anything off the path of a gRPC call. */
function cutsPrefix(plan: Plan, planned: PlannedRoute): boolean {
  const { route } = planned;
  return route.stripPrefix && route.path.kind === "prefix" && !isGrpc(plan, planned);
}

function plugin(plan: Plan, planned: PlannedRoute, { name, shadow, config }: PlannedPlugin): object {
  return {
    id: entityId("plugin", planned.route.name, name),
    name,
    tags: TAGS,
    protocols: protocolsOf(plan, planned),
    config: { mode: shadow ? "shadow" : "enforce", ...(config as object) },
  };
}

function routeEntity(plan: Plan, planned: PlannedRoute): object {
  const { route, plugins } = planned;
  return {
    id: entityId("route", route.name),
    name: route.name,
    tags: TAGS,
    service: { id: serviceId(plan, planned) },
    protocols: protocolsOf(plan, planned),
    ...(route.hosts.length > 0 && { hosts: route.hosts }),
    ...(route.methods.length > 0 && { methods: route.methods }),
    ...routeMatch(plan.routes, planned),
    strip_path: cutsPrefix(plan, planned),
    preserve_host: true,
    plugins: plugins.map((used) => plugin(plan, planned, used)),
  };
}

/** Services stand before the routes that name them; every id is made from names, so that two builds are the same. */
export function kongYaml(plan: Plan): string {
  return yamlText({
    _format_version: "3.0",
    upstreams: upstreams(plan),
    services: services(plan),
    routes: plan.routes.map((planned) => routeEntity(plan, planned)),
  });
}
