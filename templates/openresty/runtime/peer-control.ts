/** `/upstreams/<name>/peers/<host:port>`: taking a peer out, giving it another weight, putting it back. */
import type { ChangeResult } from "../../../nginx/runtime/admin-change.ts";
import { clock } from "../../../nginx/runtime/clock.ts";
import { decisionEvents } from "../../../nginx/runtime/decision-events.ts";
import type { PeerOverride, ShownPeer } from "../../../plugins/_kit/balancer.ts";
import { type PeerChange, readPeerChange } from "./peer-change.ts";
import { peersOf, type WorkerUpstream } from "./upstreams.ts";

type Upstreams = LuaMap<string, WorkerUpstream>;

function refusal(status: number, error: string, message: string): ChangeResult {
  return { status, shown: { error, message } };
}

function findPeer(upstream: WorkerUpstream, key: string): ShownPeer | undefined {
  if (upstream.balancer !== undefined) {
    const peer = upstream.balancer.show(key);
    return peer;
  }
  for (const peer of peersOf(upstream)) {
    if (peer.key === key) {
      return peer;
    }
  }
  return undefined;
}

/** An override in a few words, for the log of decisions. */
function overrideText(override: PeerOverride | undefined): string {
  if (override === undefined) {
    return "up";
  }
  const { state, weight } = override;
  return weight === undefined ? state : `${state}, weight ${string.format("%d", weight)}`;
}

function keysOf(upstream: WorkerUpstream): string {
  const keys: string[] = [];
  for (const { key } of peersOf(upstream)) {
    keys.push(key);
  }
  table.sort(keys);
  const shown = table.concat(keys, ", ", 1, math.min(keys.length, 10));
  return keys.length > 10 ? `${shown}, …` : shown;
}

/** What stands at a path, or why nothing does. */
function find(
  upstreams: Upstreams,
  name: string,
  key: string,
): { readonly upstream: WorkerUpstream; readonly peer: ShownPeer } | ChangeResult {
  const upstream = upstreams.get(name);
  if (upstream === undefined) {
    return refusal(404, "E_UPSTREAM_UNKNOWN", `there is no upstream "${name}"; /status lists them`);
  }
  const peer = findPeer(upstream, key);
  return peer === undefined
    ? refusal(404, "E_PEER_UNKNOWN", `upstream "${name}" has no peer "${key}"; there are: ${keysOf(upstream)}`)
    : { upstream, peer };
}

export function showPeer(upstreams: Upstreams, name: string, key: string): ChangeResult {
  const found = find(upstreams, name, key);
  return "status" in found ? found : { status: 200, shown: found.peer.fields };
}

function overrideOf(change: PeerChange): PeerOverride | undefined {
  if (change.state === "up" && change.weight === undefined) {
    return undefined;
  }
  const { state, weight, reason } = change;
  const until = math.ceil(clock.now() + change.ttlSeconds);
  return weight === undefined ? { state, until, reason } : { state, weight, until, reason };
}

/** Sets a peer. A change that only gives it more time is no decision. */
export function changePeer(
  upstreams: Upstreams,
  name: string,
  key: string,
  fields: Readonly<Record<string, unknown>>,
): ChangeResult {
  const found = find(upstreams, name, key);
  if ("status" in found) {
    return found;
  }
  const { upstream, peer } = found;
  const { balancer } = upstream;
  if (balancer === undefined) {
    const message =
      `nginx itself picks the peers of upstream "${name}", so none can be taken out: ` +
      "write balance: { policy: round-robin } in its entry of gateway.yaml";
    return refusal(409, "E_PEERS_FIXED", message);
  }
  const change = readPeerChange(fields);
  if (type(change) === "string") {
    return refusal(422, "E_ADMIN_VALUE", change as string);
  }
  const wanted = change as PeerChange;
  const override = overrideOf(wanted);
  if (!balancer.steer(key, override)) {
    return refusal(507, "E_ADMIN_FAILED", "there is no room left in the shared dict autoscale_upstreams");
  }
  const from = overrideText(peer.override);
  const to = overrideText(override);
  if (from !== to) {
    const inputs = override === undefined ? {} : { ttl_seconds: wanted.ttlSeconds };
    decisionEvents.emit({ plugin: "admin", subject: `peer:${name}/${key}`, from, to, reason: wanted.reason, inputs });
  }
  return showPeer(upstreams, name, key);
}
