/** What people see of an upstream's peers, and the figures of its metrics. */
import type { PeerOverride, ShownPeer } from "../_kit/balancer.ts";
import type { EmitMetric } from "../_kit/handlers.ts";
import type { JsonValue } from "../_kit/ports.ts";
import type { PeerCondition } from "./health/health.ts";
import type { Peer } from "./peer.ts";
import type { PeerSet } from "./peer-set.ts";
import type { Upstream } from "./upstream.ts";

type Fields = Record<string, JsonValue | undefined>;

/** `up`, or what keeps it from taking requests: what people say comes before what probes say. */
function stateOf(
  peer: Peer,
  override: PeerOverride | undefined,
  condition: PeerCondition | undefined,
  now: number,
): string {
  if (override !== undefined && override.state !== "up") {
    return override.state;
  }
  if (condition !== undefined && condition.unhealthy) {
    return "unhealthy";
  }
  if (condition !== undefined && condition.ejectedUntilSeconds > now) {
    return "ejected";
  }
  return peer.entry.draining === true || condition?.draining === true ? "drain" : "up";
}

/** Why it is not simply up: the reason of an override where it is the override's doing. */
function whyOf(
  state: string,
  peer: Peer,
  override: PeerOverride | undefined,
  condition: PeerCondition | undefined,
): string | undefined {
  if (override !== undefined && override.state === state) {
    return override.reason;
  }
  if (state === "drain" && peer.entry.draining === true) {
    return "its source takes it away soon";
  }
  return state === "up" ? undefined : condition?.why;
}

function rounded(seconds: number): number {
  return Math.floor(seconds * 1e6 + 0.5) / 1e6;
}

/** One peer as `GET /status` shows it; latency and requests under way are those of the worker that is asked. */
export function shownPeer(upstream: Upstream, peer: Peer, now: number): ShownPeer {
  const override = upstream.set.overrideOf(peer.key);
  const condition = upstream.health.of(peer.key);
  const state = stateOf(peer, override, condition, now);
  const fields: Fields = {
    state,
    why: whyOf(state, peer, override, condition),
    weight: override?.weight ?? peer.entry.weight,
    priority: peer.entry.priority,
    zone: peer.entry.zone,
    override_until: override?.until,
    ejected_until: state === "ejected" ? condition?.ejectedUntilSeconds : undefined,
    ejections: condition === undefined || condition.ejections === 0 ? undefined : condition.ejections,
    takes_requests: peer.available,
    in_flight: peer.inFlight,
    latency_seconds: peer.latencySeconds < 0 ? undefined : rounded(peer.latencySeconds),
  };
  return { key: peer.key, override, fields };
}

/** The whole upstream. */
export function shownUpstream(upstream: Upstream, now: number): Fields {
  upstream.catchUp();
  const { config, set, members } = upstream;
  const peers: Fields = {};
  for (const peer of set.peers()) {
    peers[peer.key] = shownPeer(upstream, peer, now).fields;
  }
  const sources: Fields = {};
  for (const { name, state, sinceSeconds, problem, note, count } of members.sources()) {
    sources[name] = { state, since: sinceSeconds, problem, note, peers: count };
  }
  return {
    peers,
    policy: config.balance.policy,
    panic: set.inPanic(),
    peers_available: set.available(),
    peers_total: set.peers().length,
    sources,
  };
}

const STATE_NUMBERS: Readonly<Record<string, number | undefined>> = {
  up: 0,
  drain: 1,
  down: 2,
  unhealthy: 3,
  ejected: 4,
};

/** More peers than this have no metrics of their own: a scrape would be as large as all else together. */
const MOST_PEERS = 1000;

function emitPeers(upstream: Upstream, set: PeerSet, now: number, emit: EmitMetric): void {
  const peers = set.peers();
  if (peers.length > MOST_PEERS) {
    return;
  }
  for (const peer of peers) {
    const labels = { upstream: upstream.name, peer: peer.key };
    const { fields } = shownPeer(upstream, peer, now);
    const state = STATE_NUMBERS[fields["state"] as string] ?? 0;
    emit(
      "gateway_peer_state",
      "gauge",
      "Whether a peer takes requests: 0 up, 1 drain, 2 down, 3 unhealthy, 4 ejected.",
      labels,
      state,
    );
  }
}

export function emitUpstream(upstream: Upstream, now: number, emit: EmitMetric): void {
  const { name, set, members } = upstream;
  emitPeers(upstream, set, now, emit);
  const total = set.peers().length;
  emit("gateway_upstream_peers", "gauge", "Peers of an upstream.", { upstream: name }, total);
  const help = "Peers that take requests.";
  emit("gateway_upstream_peers_available", "gauge", help, { upstream: name }, set.available());
  const panic = set.inPanic() ? 1 : 0;
  emit(
    "gateway_upstream_panic",
    "gauge",
    "1 while too few peers are well, so all are used.",
    { upstream: name },
    panic,
  );
  members.metrics(emit);
}
