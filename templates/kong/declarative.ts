/** kong.yml: the whole gateway as Kong's declarative configuration. */
import type { Plan, PlannedPlugin, PlannedRoute } from "../../cli/build/target.ts";
import { entityId } from "./entity-id.ts";
import { routeMatch } from "./route-match.ts";
import { serviceId, services, upstreams } from "./service-view.ts";
import { TAGS } from "./tags.ts";
import { yamlText } from "./yaml-text.ts";

/** Kong's protocols of the routes whose peers speak one of gateway.yaml's. */
function protocolsOf(plan: Plan, { route }: PlannedRoute): string[] {
  const upstream = plan.gateway.upstreams.find(({ name }) => name === route.upstream);
  return upstream?.protocol === "grpc" ? ["grpc", "grpcs"] : ["http", "https"];
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
    strip_path: route.stripPrefix && route.path.kind === "prefix",
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
