import type { WeightedPeer } from "../../plugins/_core/smooth-weighted-round-robin.ts";

/** A peer as the build or a discovery file gives it. */
export interface PeerEntry {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** 0 is used first. */
  readonly priority: number;
}

/** A peer in the rotation. */
export interface Peer extends WeightedPeer {
  readonly entry: PeerEntry;
  readonly key: string;
}

/** `host:port`, IPv6 in brackets. */
export function peerKey(host: string, port: number): string {
  const [colon] = string.match(host, ":");
  return colon === undefined ? `${host}:${tostring(port)}` : `[${host}]:${tostring(port)}`;
}

/** Peers sorted into rings by priority; the first ring is tried first. */
export function groupByPriority(peers: readonly Peer[]): Peer[][] {
  const rings: Peer[][] = [];
  const ringOf = new LuaMap<number, Peer[]>();
  const priorities: number[] = [];
  for (const peer of peers) {
    const priority = peer.entry.priority;
    let ring = ringOf.get(priority);
    if (ring === undefined) {
      ring = [];
      ringOf.set(priority, ring);
      priorities.push(priority);
    }
    ring.push(peer);
  }
  table.sort(priorities);
  for (const priority of priorities) {
    const ring = ringOf.get(priority);
    if (ring !== undefined) {
      rings.push(ring);
    }
  }
  return rings;
}
