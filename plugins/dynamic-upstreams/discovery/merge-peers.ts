import type { SourceConfig } from "../config.ts";
import { type PeerEntry, peerKey, sameEntry } from "../peer.ts";
import { peerEntry } from "./found-peers.ts";

/** The peers of a source, and what the configuration says of them. */
export interface MergedSource {
  readonly settings: SourceConfig;
  readonly peers: readonly PeerEntry[];
}

function applied(entry: PeerEntry, settings: SourceConfig): PeerEntry {
  const zone = entry.zone ?? settings.zone;
  if (settings.weight === 1 && settings.priority === 0 && zone === entry.zone) {
    return entry;
  }
  const { host, port, weight, priority, draining } = entry;
  return peerEntry(host, port, weight * settings.weight, priority + settings.priority, zone, draining);
}

/**
 * The peers of all sources as one set. An address and port that several tell is taken from the first one.
 * @param fixed peers that are always there, before all others
 */
export function mergePeers(fixed: readonly PeerEntry[], sources: readonly MergedSource[]): readonly PeerEntry[] {
  const merged: PeerEntry[] = [];
  const seen: Record<string, true | undefined> = {};
  for (const entry of fixed) {
    seen[peerKey(entry.host, entry.port)] = true;
    merged.push(entry);
  }
  for (const { settings, peers } of sources) {
    for (const entry of peers) {
      const key = peerKey(entry.host, entry.port);
      if (seen[key] === undefined) {
        seen[key] = true;
        merged.push(applied(entry, settings));
      }
    }
  }
  return merged;
}

/** Whether two lists hold the same peers, in whatever order: many servers answer in another one each time. */
export function samePeers(one: readonly PeerEntry[], other: readonly PeerEntry[]): boolean {
  if (one.length !== other.length) {
    return false;
  }
  const byKey: Record<string, PeerEntry | undefined> = {};
  for (const entry of one) {
    byKey[peerKey(entry.host, entry.port)] = entry;
  }
  for (const entry of other) {
    const before = byKey[peerKey(entry.host, entry.port)];
    if (before === undefined || !sameEntry(before, entry)) {
      return false;
    }
  }
  return true;
}
