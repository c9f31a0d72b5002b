/** The upstreams in this worker: what is told of them, and the pools of those whose peers are picked in Lua. */
import { clock } from "../../../nginx/runtime/clock.ts";
import { decisionEvents } from "../../../nginx/runtime/decision-events.ts";
import { peerKey } from "../../../nginx/runtime/peer-entry.ts";
import type { ShownPeer } from "../../../nginx/runtime/peer-pool.ts";
import { type SteeredPool, steeredPool } from "../../../nginx/runtime/steered-pool.ts";
import { timerScope } from "../../../nginx/runtime/worker-timer.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import type { Settings, UpstreamSettings } from "./settings.ts";

/** One upstream at work. */
export interface WorkerUpstream {
  readonly name: string;
  readonly settings: UpstreamSettings;
  /** Absent when nginx picks. */
  readonly steered: SteeredPool | undefined;
}

export function startUpstreams(settings: Settings, store: Store): LuaMap<string, WorkerUpstream> {
  const { timer } = timerScope();
  const ports = { store, clock, timer, events: decisionEvents };
  const upstreams = new LuaMap<string, WorkerUpstream>();
  for (const [name, upstream] of pairs(settings.upstreams)) {
    const steered = upstream.balanced ? steeredPool(name, upstream.peers, ports) : undefined;
    upstreams.set(name, { name, settings: upstream, steered });
  }
  return upstreams;
}

/** All peers of an upstream as they are now in every worker, those that take no requests included. */
export function peersOf(upstream: WorkerUpstream): readonly ShownPeer[] {
  const { steered } = upstream;
  if (steered !== undefined) {
    steered.catchUp();
    return steered.pool.shown();
  }
  const peers: ShownPeer[] = [];
  for (const entry of upstream.settings.peers) {
    peers.push({ key: peerKey(entry.host, entry.port), entry, override: undefined });
  }
  return peers;
}
