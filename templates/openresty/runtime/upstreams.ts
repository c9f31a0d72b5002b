/** The upstreams in this worker: what is told of them, and the balancers of those whose peers are picked in Lua. */
import type { Instance, InstanceSettings } from "../../../nginx/runtime/instance.ts";
import type { Balancer, ShownPeer } from "../../../plugins/_kit/balancer.ts";
import type { Settings, UpstreamSettings } from "./settings.ts";

/** The plugin that picks peers. */
const PLUGIN = "dynamic-upstreams";
const MODULE = `autoscale.plugins.${PLUGIN}.plugin`;

/** One upstream at work. */
export interface WorkerUpstream {
  readonly name: string;
  readonly settings: UpstreamSettings;
  /** Absent when nginx picks. */
  readonly instance: Instance | undefined;
  readonly balancer: Balancer | undefined;
}

export function startUpstreams(
  settings: Settings,
  start: (this: void, settings: InstanceSettings) => Instance | undefined,
): LuaMap<string, WorkerUpstream> {
  const upstreams = new LuaMap<string, WorkerUpstream>();
  for (const [name, upstream] of pairs(settings.upstreams)) {
    const place = { route: "", upstream: name, peers: upstream.keys };
    const instance = upstream.balanced
      ? start({ plugin: PLUGIN, module: MODULE, config: upstream.config, shadow: false, place })
      : undefined;
    upstreams.set(name, { name, settings: upstream, instance, balancer: instance?.handlers.balancer });
  }
  return upstreams;
}

/** How many peers people have not taken out. */
export function peerCount({ balancer, settings }: WorkerUpstream): number {
  return balancer === undefined ? settings.keys.length : balancer.taking();
}

/** All peers of an upstream as they are now in every worker, those that take no requests included. */
export function peersOf({ balancer, settings }: WorkerUpstream): readonly ShownPeer[] {
  if (balancer !== undefined) {
    return balancer.shown();
  }
  const peers: ShownPeer[] = [];
  for (const i of $range(0, settings.peers.length - 1)) {
    const peer = settings.peers[i];
    if (peer !== undefined) {
      const fields = { state: "up", weight: peer.weight, priority: peer.priority };
      peers.push({ key: settings.keys[i] ?? "", override: undefined, fields });
    }
  }
  return peers;
}
