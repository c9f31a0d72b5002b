import type { SourceConfig } from "../config.ts";
import type { PeerEntry } from "../peer.ts";
import { mergePeers, samePeers } from "./merge-peers.ts";
import type { Found } from "./source.ts";

/** One of the places that peers come from. */
export interface Member {
  /** Says all that its set depends on: a set that was kept under another name is another source's. */
  readonly name: string;
  readonly settings: SourceConfig;
}

/** The last good set of a source, as it told it. */
export interface SourceSet {
  readonly name: string;
  readonly peers: readonly PeerEntry[];
}

/** `never`: it was not heard of since this work began; its set may be one that was kept from before. */
export type SourceState = "ok" | "failing" | "never";

/** What people see of a source. */
export interface SourceStatus {
  readonly name: string;
  readonly state: SourceState;
  /** Since when it is in that state; 0 for `never`. In the clock's seconds. */
  readonly sinceSeconds: number;
  /** Why it is failing. */
  readonly problem?: string;
  /** What of its last good answer could not be used. */
  readonly note?: string;
  /** Peers of it that are used, those of an earlier answer included. */
  readonly count: number;
}

/**
 * Several sources as one. Each keeps its last good set through its own outages. Pure: who runs the sources and where sets are
 * kept is others' business.
 * @noSelf
 */
export interface Federation {
  /**
   * Takes what a source reported.
   * @param source its place among the members
   * @returns true when its set is another than before: `peers` and `sets` may be, too
   */
  report(source: number, found: Found, nowSeconds: number): boolean;
  /** Takes sets that were kept, each for the member of its name. True when one is another than before. */
  restore(sets: readonly SourceSet[]): boolean;
  /** All peers: the fixed ones first, then the sources' in their order. The same object until something changes. */
  peers(): readonly PeerEntry[];
  /** What is to be kept: the sets of all sources that have one. */
  sets(): readonly SourceSet[];
  statuses(): readonly SourceStatus[];
}

/** A member with what is known of it. */
interface Known {
  readonly name: string;
  readonly settings: SourceConfig;
  peers: readonly PeerEntry[];
  /** False until there was a good answer or a set that was kept. */
  hasSet: boolean;
  state: SourceState;
  sinceSeconds: number;
  problem: string | undefined;
  note: string | undefined;
}

const EMPTY = "it lists no peer; with allow_empty: true that would be an answer";

function newKnown({ name, settings }: Member): Known {
  return {
    name,
    settings,
    peers: [],
    hasSet: false,
    state: "never",
    sinceSeconds: 0,
    problem: undefined,
    note: undefined,
  };
}

function problemOf(found: Found, settings: SourceConfig): string | undefined {
  if (found.peers === undefined) {
    return found.problem ?? "it has no answer";
  }
  if (found.peers.length > 0 || settings.allow_empty) {
    return undefined;
  }
  return found.note === undefined ? EMPTY : `${EMPTY} (${found.note})`;
}

function takeSet(known: Known, peers: readonly PeerEntry[]): boolean {
  if (known.hasSet && samePeers(known.peers, peers)) {
    return false;
  }
  known.peers = peers;
  known.hasSet = true;
  return true;
}

function statusOf(known: Known): SourceStatus {
  const { name, state, sinceSeconds, problem, note, peers } = known;
  const status: { -readonly [Name in keyof SourceStatus]: SourceStatus[Name] } = {
    name,
    state,
    sinceSeconds,
    count: peers.length,
  };
  if (problem !== undefined) {
    status.problem = problem;
  }
  if (note !== undefined) {
    status.note = note;
  }
  return status;
}

/** @param fixed peers that are always there, whatever the sources say */
export function createFederation(fixed: readonly PeerEntry[], members: readonly Member[]): Federation {
  const all: Known[] = [];
  for (const member of members) {
    all.push(newKnown(member));
  }
  let merged: readonly PeerEntry[] | undefined;

  return {
    report: (source, found, nowSeconds) => {
      const known = all[source];
      if (known === undefined) {
        return false;
      }
      const problem = problemOf(found, known.settings);
      const state = problem === undefined ? "ok" : "failing";
      if (known.state !== state) {
        known.state = state;
        known.sinceSeconds = nowSeconds;
      }
      known.problem = problem;
      if (problem !== undefined) {
        return false;
      }
      known.note = found.note;
      const isNew = takeSet(known, found.peers ?? []);
      merged = isNew ? undefined : merged;
      return isNew;
    },
    restore: (sets) => {
      let isNew = false;
      for (const set of sets) {
        for (const known of all) {
          if (known.name === set.name && takeSet(known, set.peers)) {
            isNew = true;
          }
        }
      }
      merged = isNew ? undefined : merged;
      return isNew;
    },
    peers: () => {
      merged ??= mergePeers(fixed, all);
      return merged;
    },
    sets: () => {
      const sets: SourceSet[] = [];
      for (const { name, peers, hasSet } of all) {
        if (hasSet) {
          sets.push({ name, peers });
        }
      }
      return sets;
    },
    statuses: () => {
      const statuses: SourceStatus[] = [];
      for (const known of all) {
        statuses.push(statusOf(known));
      }
      return statuses;
    },
  };
}
