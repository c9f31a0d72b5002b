import type { Peer } from "./peer.ts";

/** Peers that are used alike: those of one priority, near or far. The first level is used as long as it bears the load. */
export interface Level {
  readonly priority: number;
  /** True for peers of this gateway's own zone, or where zones do not matter. */
  readonly near: boolean;
  /** All of it, and those that take requests; both in the order of the set. */
  readonly all: Peer[];
  readonly available: Peer[];
  /** Sums of weights, as their sources tell them. */
  allWeight: number;
  availableWeight: number;
}

function isBefore(a: Level, priority: number, near: boolean): boolean {
  return a.priority < priority || (a.priority === priority && a.near && !near);
}

/** The level of that rank in `levels`, which are in order; made where there is none. */
function levelAt(levels: Level[], priority: number, near: boolean): Level {
  let at = 0;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    if (level !== undefined) {
      if (level.priority === priority && level.near === near) {
        return level;
      }
      if (isBefore(level, priority, near)) {
        at = i + 1;
      }
    }
  }
  const made: Level = { priority, near, all: [], available: [], allWeight: 0, availableWeight: 0 };
  levels.push(made);
  for (let i = levels.length - 1; i > at; i--) {
    const before = levels[i - 1];
    if (before !== undefined) {
      levels[i] = before;
    }
  }
  levels[at] = made;
  return made;
}

/**
 * `peers` by priority, and within it those of `zone` before the others; `available` of each peer is heeded.
 * @param zone where this gateway stands; undefined: zones do not matter
 */
export function levelsOf(peers: readonly Peer[], zone: string | undefined): readonly Level[] {
  const levels: Level[] = [];
  for (const peer of peers) {
    const { priority, weight, zone: own } = peer.entry;
    const level = levelAt(levels, priority, zone === undefined || own === undefined || own === zone);
    level.all.push(peer);
    level.allWeight += weight;
    if (peer.available) {
      level.available.push(peer);
      level.availableWeight += weight;
    }
  }
  return levels;
}
