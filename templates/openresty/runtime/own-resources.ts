/** What the gateway itself tells: its routes, its upstreams, and the state of each peer. */
import { jsonList } from "../../../nginx/runtime/json-text.ts";
import type { AdminResource } from "../../../plugins/_kit/handlers.ts";
import type { JsonValue } from "../../../plugins/_kit/ports.ts";
import type { RouteSettings } from "./settings.ts";
import { peersOf, type WorkerUpstream } from "./upstreams.ts";

type Fields = Record<string, JsonValue | undefined>;

function routeResource(route: RouteSettings): AdminResource {
  const plugins: string[] = [];
  for (const { name } of route.plugins) {
    plugins.push(name);
  }
  const fields = {
    path: route.path,
    hosts: jsonList(route.hosts),
    methods: jsonList(route.methods),
    upstream: route.upstream,
    plugins: jsonList(plugins),
  };
  return { collection: "routes", id: route.name, get: () => fields };
}

function upstreamResource(upstream: WorkerUpstream): AdminResource {
  return {
    collection: "upstreams",
    id: upstream.name,
    get: () => {
      const { protocol } = upstream.settings;
      if (upstream.balancer !== undefined) {
        // The plugin that picks tells of its peers.
        return { protocol, picked_by: "lua" };
      }
      const peers: Fields = {};
      for (const { key, fields } of peersOf(upstream)) {
        peers[key] = fields;
      }
      return { protocol, picked_by: "nginx", peers };
    },
  };
}

export function ownResources(
  routes: readonly RouteSettings[],
  upstreams: LuaMap<string, WorkerUpstream>,
): readonly AdminResource[] {
  const resources: AdminResource[] = [];
  for (const route of routes) {
    resources.push(routeResource(route));
  }
  for (const [, upstream] of upstreams) {
    resources.push(upstreamResource(upstream));
  }
  return resources;
}
