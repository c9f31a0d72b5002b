/** Who the peers of an upstream are in this worker, and which of them take requests. */
import { panics } from "../_core/balance/level-loads.ts";
import type { PeerOverride } from "../_kit/balancer.ts";
import { type Level, levelsOf } from "./levels.ts";
import { type Peer, type PeerEntry, peerKey, sameEntry } from "./peer.ts";

/** What others say of a peer. @noSelf */
export interface PeerJudges {
  /** What people set it to. */
  override(key: string, nowSeconds: number): PeerOverride | undefined;
  /** False: probes or outlier detection have taken it out, or it asks to be left alone. */
  isWell(key: string, nowSeconds: number): boolean;
}

export interface PeerSetSettings {
  readonly judges: PeerJudges;
  readonly zone: string | undefined;
  /** Percent. */
  readonly panicThreshold: number;
}

/** @noSelf */
export interface PeerSet {
  /** All of them, in the order of their sources. */
  peers(): readonly Peer[];
  find(key: string): Peer | undefined;
  /** The override a peer has, as of the last look. */
  overrideOf(key: string): PeerOverride | undefined;
  /** Those that take requests, by the order in which they are used. */
  levels(): readonly Level[];
  /** How many people have not taken out. */
  taking(): number;
  /** How many take requests. */
  available(): number;
  /** True while health is not heeded, for too few are well. */
  inPanic(): boolean;
  /**
   * Replaces the set: peers that stay keep all that is known of them. New ones begin slowly unless the gateway has just begun.
   * @returns true when it was another set, or an entry was another
   */
  replace(entries: readonly PeerEntry[], nowSeconds: number, atStart: boolean): boolean;
  /** Asks the judges anew. */
  refresh(nowSeconds: number): void;
}

function newPeer(key: string, entry: PeerEntry, sinceSeconds: number): Peer {
  return {
    key,
    entry,
    index: 0,
    available: false,
    sinceSeconds,
    weight: entry.weight,
    inFlight: 0,
    excludedIn: 0,
    latencySeconds: -1,
    observedAtSeconds: 0,
    deadline: 0,
    ok: 0,
    failed: 0,
    errorsInRow: 0,
    gatewayErrorsInRow: 0,
    suspect: false,
  };
}

/** @param known peers of a set before, by key: those that are in this one too go on as they are */
export function createPeerSet(settings: PeerSetSettings, known: Readonly<Record<string, Peer | undefined>>): PeerSet {
  const { judges, zone, panicThreshold } = settings;
  let byKey = known;
  let list: Peer[] = [];
  let overrides: Record<string, PeerOverride | undefined> = {};
  let levels: readonly Level[] = [];
  let takingCount = 0;
  let availableCount = 0;
  let panicking = false;

  /** What people took out is out; the others are in, well or not. */
  function kept(nowSeconds: number): Peer[] {
    overrides = {};
    const found: Peer[] = [];
    for (const peer of list) {
      const override = judges.override(peer.key, nowSeconds);
      overrides[peer.key] = override;
      if (override === undefined || override.state === "up") {
        found.push(peer);
      } else {
        peer.available = false;
      }
    }
    return found;
  }

  /** Those that their source does not take away soon; where it takes away all, all. */
  function staying(taking: readonly Peer[]): readonly Peer[] {
    const found: Peer[] = [];
    for (const peer of taking) {
      if (peer.entry.draining !== true) {
        found.push(peer);
      }
    }
    return found.length === 0 ? taking : found;
  }

  function refresh(nowSeconds: number): void {
    const taking = kept(nowSeconds);
    const used = staying(taking);
    for (const peer of taking) {
      peer.available = false;
    }
    let well = 0;
    for (const peer of used) {
      if (judges.isWell(peer.key, nowSeconds)) {
        well += 1;
        peer.available = true;
        if (peer.sinceSeconds < 0) {
          peer.sinceSeconds = nowSeconds;
        }
      } else {
        // When it is well again it begins slowly.
        peer.sinceSeconds = -1;
      }
    }
    panicking = panics(well, used.length, panicThreshold);
    if (panicking) {
      for (const peer of used) {
        peer.available = true;
      }
    }
    takingCount = taking.length;
    availableCount = panicking ? used.length : well;
    levels = levelsOf(used, zone);
  }

  return {
    peers: () => list,
    find: (key) => byKey[key],
    overrideOf: (key) => overrides[key],
    levels: () => levels,
    taking: () => takingCount,
    available: () => availableCount,
    inPanic: () => panicking,
    replace: (entries, nowSeconds, atStart) => {
      const next: Record<string, Peer | undefined> = {};
      const peers: Peer[] = [];
      let changed = entries.length !== list.length;
      for (const entry of entries) {
        const key = peerKey(entry.host, entry.port);
        if (next[key] === undefined) {
          const before = byKey[key];
          const peer = before ?? newPeer(key, entry, atStart ? 0 : nowSeconds);
          changed = changed || before === undefined || !sameEntry(before.entry, entry);
          peer.entry = entry;
          peer.index = peers.length;
          next[key] = peer;
          peers.push(peer);
        }
      }
      for (const peer of list) {
        if (next[peer.key] === undefined) {
          // The table of a hash has them until the next one is made.
          peer.available = false;
        }
      }
      byKey = next;
      list = peers;
      refresh(nowSeconds);
      return changed;
    },
    refresh,
  };
}
