import { readBoolean, readFields, readNumber, readText } from "./loose.ts";
import type { PeerStatus, SourceStatus, Traffic, UpstreamStatus } from "./status.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Of a route or an upstream. */
export function readTraffic(fields: Fields): Traffic {
  return {
    rps: readNumber(fields["rps"]),
    errorRate: readNumber(fields["error_rate"]),
    inFlight: readNumber(fields["in_flight"]),
    p50: readNumber(fields["latency_p50"]),
    p90: readNumber(fields["latency_p90"]),
    p99: readNumber(fields["latency_p99"]),
  };
}

export function readUpstream(name: string, fields: Fields): UpstreamStatus {
  return {
    name,
    protocol: readText(fields["protocol"]),
    pickedBy: readText(fields["picked_by"]),
    desiredReplicas: readNumber(fields["desired_replicas"]),
    reason: readText(fields["reason"]),
    policy: readText(fields["policy"]),
    panic: readBoolean(fields["panic"]),
    available: readNumber(fields["peers_available"]),
    total: readNumber(fields["peers_total"]),
    sources: readFields(fields["sources"], readSource),
    peers: readFields(fields["peers"], readPeer),
    ...readTraffic(fields),
  };
}

function readSource(name: string, fields: Fields): SourceStatus {
  return {
    name,
    state: readText(fields["state"]),
    since: readNumber(fields["since"]),
    problem: readText(fields["problem"]),
    note: readText(fields["note"]),
    peers: readNumber(fields["peers"]),
  };
}

/** Also of the answer to a change. */
export function readPeer(address: string, fields: Fields): PeerStatus {
  return {
    address,
    state: readText(fields["state"]),
    why: readText(fields["why"]),
    weight: readNumber(fields["weight"]),
    zone: readText(fields["zone"]),
    overrideUntil: readNumber(fields["override_until"]),
    ejectedUntil: readNumber(fields["ejected_until"]),
    ejections: readNumber(fields["ejections"]),
    takesRequests: readBoolean(fields["takes_requests"]),
    inFlight: readNumber(fields["in_flight"]),
    latency: readNumber(fields["latency_seconds"]),
  };
}
