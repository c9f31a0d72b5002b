import { pickSmoothWeighted, type WeightedPeer } from "../../plugins/_core/smooth-weighted-round-robin.ts";
import type { PeerPool } from "../../plugins/_kit/context.ts";

/** A peer as the build or a discovery file gives it. */
export interface PeerEntry {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** 0 is used first. */
  readonly priority: number;
}

interface Peer extends WeightedPeer {
  readonly entry: PeerEntry;
  readonly key: string;
}

/**
 * The peers of one upstream in this worker, and who may be picked for the request in hand.
 * @noSelf
 */
export interface WorkerPool extends PeerPool {
  /** Replaces the set; peers that stay keep their place in the rotation. */
  replace(entries: readonly PeerEntry[]): void;
  /** Forgets the exclusions of the request before. */
  begin(): void;
  /** The next peer of the lowest priority that is left; undefined when there is no peer at all. */
  pick(): PeerEntry | undefined;
}

function peerKey(entry: PeerEntry): string {
  const [colon] = string.match(entry.host, ":");
  return colon === undefined ? `${entry.host}:${tostring(entry.port)}` : `[${entry.host}]:${tostring(entry.port)}`;
}

/** Peers sorted into rings by priority; `rings[0]` is tried first. */
function groupByPriority(entries: readonly PeerEntry[], known: LuaMap<string, Peer>): Peer[][] {
  const rings: Peer[][] = [];
  const ringOf = new LuaMap<number, Peer[]>();
  const priorities: number[] = [];
  for (const entry of entries) {
    let ring = ringOf.get(entry.priority);
    if (ring === undefined) {
      ring = [];
      ringOf.set(entry.priority, ring);
      priorities.push(entry.priority);
    }
    const key = peerKey(entry);
    const before = known.get(key);
    ring.push({ entry, key, weight: entry.weight, credit: before === undefined ? 0 : before.credit });
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

/** A pool of `entries`; `replace` may change them later. */
export function createPeerPool(entries: readonly PeerEntry[]): WorkerPool {
  let rings: Peer[][] = [];
  let eligible: boolean[][] = [];
  let all: Peer[] = [];
  let excluded = 0;
  /** Where peer i of `all` stands: ring and place in it. */
  let ringIndex: number[] = [];
  let placeIndex: number[] = [];

  function begin(): void {
    if (excluded > 0) {
      for (const flags of eligible) {
        for (const i of $range(0, flags.length - 1)) {
          flags[i] = true;
        }
      }
      excluded = 0;
    }
  }

  function replace(next: readonly PeerEntry[]): void {
    const known = new LuaMap<string, Peer>();
    for (const peer of all) {
      known.set(peer.key, peer);
    }
    rings = groupByPriority(next, known);
    all = [];
    ringIndex = [];
    placeIndex = [];
    eligible = [];
    excluded = 0;
    for (const r of $range(0, rings.length - 1)) {
      const flags: boolean[] = [];
      const ring = rings[r] ?? [];
      for (const p of $range(0, ring.length - 1)) {
        const peer = ring[p];
        if (peer !== undefined) {
          all.push(peer);
          ringIndex.push(r);
          placeIndex.push(p);
          flags.push(true);
        }
      }
      eligible.push(flags);
    }
  }

  function pickAmong(): PeerEntry | undefined {
    for (const r of $range(0, rings.length - 1)) {
      const ring = rings[r];
      const flags = eligible[r];
      if (ring !== undefined && flags !== undefined) {
        const index = pickSmoothWeighted(ring, flags);
        const peer = ring[index];
        if (peer !== undefined) {
          return peer.entry;
        }
      }
    }
    return undefined;
  }

  replace(entries);
  return {
    count: () => all.length,
    key: (index) => {
      const peer = all[index];
      return peer === undefined ? "" : peer.key;
    },
    exclude: (index) => {
      const flags = eligible[ringIndex[index] ?? -1];
      const place = placeIndex[index];
      if (flags !== undefined && place !== undefined && flags[place] === true) {
        flags[place] = false;
        excluded += 1;
      }
    },
    replace,
    begin,
    pick: () => {
      const picked = pickAmong();
      if (picked !== undefined || excluded === 0) {
        return picked;
      }
      // Everyone is excluded: an answer from a doubtful peer beats none.
      begin();
      return pickAmong();
    },
  };
}
