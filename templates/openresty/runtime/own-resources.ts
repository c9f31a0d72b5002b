/** What the gateway itself tells: its routes, its upstreams, and the state of each peer. */
import { jsonList } from "../../../nginx/runtime/json-text.ts";
import type { ShownPeer } from "../../../nginx/runtime/peer-pool.ts";
import type { AdminResource, EmitMetric } from "../../../plugins/_kit/handlers.ts";
import type { JsonValue } from "../../../plugins/_kit/ports.ts";
import type { RouteSettings } from "./settings.ts";
import { peersOf, type WorkerUpstream } from "./upstreams.ts";

type Fields = Record<string, JsonValue | undefined>;

/** One peer as `GET /status` shows it. */
export function shownPeer({ entry, override }: ShownPeer): Fields {
  return {
    state: override === undefined ? "up" : override.state,
    why: override === undefined ? undefined : override.reason,
    weight: override?.weight ?? entry.weight,
    priority: entry.priority,
    override_until: override === undefined ? undefined : override.until,
  };
}

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
      const peers: Record<string, Fields> = {};
      for (const peer of peersOf(upstream)) {
        peers[peer.key] = shownPeer(peer);
      }
      const pickedBy = upstream.steered === undefined ? "nginx" : "lua";
      return { protocol: upstream.settings.protocol, picked_by: pickedBy, peers };
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

const STATE_NUMBERS = { up: 0, drain: 1, down: 2 };

/** The peers that can be taken out. */
export function peerMetrics(upstreams: LuaMap<string, WorkerUpstream>, emit: EmitMetric): void {
  for (const [name, upstream] of upstreams) {
    if (upstream.steered !== undefined) {
      for (const { key, override } of peersOf(upstream)) {
        const value = STATE_NUMBERS[override === undefined ? "up" : override.state];
        const help = "Whether a peer takes requests: 0 up, 1 drain, 2 down.";
        emit("gateway_peer_state", "gauge", help, { upstream: name, peer: key }, value);
      }
    }
  }
}
