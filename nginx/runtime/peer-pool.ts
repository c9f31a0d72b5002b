import { pickSmoothWeighted } from "../../plugins/_core/smooth-weighted-round-robin.ts";
import type { PeerPool } from "../../plugins/_kit/context.ts";
import { groupByPriority, type Peer, type PeerEntry, peerKey } from "./peer-entry.ts";
import type { PeerOverride } from "./peer-override.ts";

/** A peer, whether it takes requests or not. */
export interface ShownPeer {
  readonly key: string;
  readonly entry: PeerEntry;
  readonly override: PeerOverride | undefined;
}

/**
 * The peers of one upstream in this worker that may take requests, and which of them the request in hand may go to.
 * @noSelf
 */
export interface WorkerPool extends PeerPool {
  /** Replaces the set; peers that stay keep their place in the rotation. */
  replace(entries: readonly PeerEntry[]): void;
  /** Asks for every peer's override anew. */
  refresh(): void;
  /** Forgets the exclusions of the request before. */
  begin(): void;
  /** The next peer of the lowest priority that is left; undefined when no peer takes requests. */
  pick(): PeerEntry | undefined;
  /** True for a peer of the set that people took out. */
  blocks(host: string, port: number): boolean;
  /** All peers of the set, those that people took out included. */
  shown(): readonly ShownPeer[];
}

function noOverride(): undefined {
  return undefined;
}

/**
 * A pool of `entries`; `replace` may change them later.
 * @param overrideOf what people set a peer to; asked when the set changes and at each `refresh`
 */
export function createPeerPool(
  entries: readonly PeerEntry[],
  overrideOf: (this: void, key: string) => PeerOverride | undefined = noOverride,
): WorkerPool {
  let set: readonly PeerEntry[] = entries;
  let listed: ShownPeer[] = [];
  let blocked = new LuaMap<string, boolean>();
  let anyBlocked = false;
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

  /** The peers of `set` that take requests; notes all of them. */
  function takers(): Peer[] {
    const credits = new LuaMap<string, number>();
    for (const peer of all) {
      credits.set(peer.key, peer.credit);
    }
    listed = [];
    blocked = new LuaMap();
    anyBlocked = false;
    const peers: Peer[] = [];
    for (const entry of set) {
      const key = peerKey(entry.host, entry.port);
      const override = overrideOf(key);
      listed.push({ key, entry, override });
      if (override === undefined || override.state === "up") {
        const weight = override?.weight ?? entry.weight;
        peers.push({ entry, key, weight, credit: credits.get(key) ?? 0 });
      } else {
        blocked.set(key, true);
        anyBlocked = true;
      }
    }
    return peers;
  }

  function refresh(): void {
    rings = groupByPriority(takers());
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

  refresh();
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
    replace: (next) => {
      set = next;
      refresh();
    },
    refresh,
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
    blocks: (host, port) => anyBlocked && blocked.has(peerKey(host, port)),
    shown: () => listed,
  };
}
