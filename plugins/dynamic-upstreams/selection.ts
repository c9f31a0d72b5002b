/** Which peer a try goes to: first the level, then the policy within it. */
import type { NextRandom } from "../_core/balance/candidate.ts";
import { levelOf, levelThresholds } from "../_core/balance/level-loads.ts";
import type { BalanceConfig } from "./config.ts";
import type { Turns } from "./hash-policy.ts";
import type { Level } from "./levels.ts";
import type { Peer } from "./peer.ts";
import { newPolicy } from "./new-policy.ts";
import type { PickInput, Policy } from "./policy.ts";

/** @noSelf */
export interface Selection {
  /** The levels, or who takes requests in them, changed. */
  reset(levels: readonly Level[]): void;
  /** A try begins: nobody is excluded. */
  begin(): void;
  exclude(peer: Peer): void;
  /** All others are excluded. */
  only(peer: Peer): void;
  /**
   * The peer of this try. `tried` are excluded as long as another is left; who a plugin excludes is asked all the same when
   * nobody else is left: an answer from a doubtful peer beats none.
   */
  pick(input: PickInput, tried: readonly Peer[]): Peer | undefined;
}

export function createSelection(config: BalanceConfig, random: NextRandom, turns: Turns): Selection {
  /** By rank: a level that goes and comes back keeps its rotation. */
  const policies: Record<string, Policy | undefined> = {};
  let inUse: Policy[] = [];
  let thresholds: number[] = [];
  let serial = 1;
  let excludedAny = false;
  let chosen: Peer | undefined;

  function reset(levels: readonly Level[]): void {
    inUse = [];
    const available: number[] = [];
    const all: number[] = [];
    for (const level of levels) {
      const rank = `${String(level.priority)}${level.near ? "near" : "far"}`;
      const policy = policies[rank] ?? newPolicy(config, random, turns);
      policies[rank] = policy;
      policy.reset(level);
      inUse.push(policy);
      available.push(level.availableWeight);
      all.push(level.allWeight);
    }
    thresholds = levelThresholds(available, all);
  }

  function begin(): void {
    serial += 1;
    excludedAny = false;
    chosen = undefined;
  }

  function pickOnce(input: PickInput): Peer | undefined {
    const only = inUse[0];
    if (only !== undefined && inUse.length === 1) {
      return only.pick(serial, input);
    }
    const first = levelOf(thresholds, random());
    let picked = inUse[first]?.pick(serial, input);
    for (let i = 0; picked === undefined && i < inUse.length; i++) {
      picked = inUse[i]?.pick(serial, input);
    }
    return picked;
  }

  function excludeAll(peers: readonly Peer[]): void {
    for (let i = 0; i < peers.length; i++) {
      const peer = peers[i];
      if (peer !== undefined) {
        peer.excludedIn = serial;
      }
    }
  }

  /** Nobody is left: first without what plugins excluded, then without what was tried. */
  function pickAnyway(input: PickInput, tried: readonly Peer[]): Peer | undefined {
    if (excludedAny && tried.length > 0) {
      serial += 1;
      excludeAll(tried);
      const picked = pickOnce(input);
      if (picked !== undefined) {
        return picked;
      }
    }
    if (excludedAny || tried.length > 0) {
      serial += 1;
      const picked = pickOnce(input);
      return picked;
    }
    return undefined;
  }

  return {
    reset,
    begin,
    exclude: (peer) => {
      peer.excludedIn = serial;
      excludedAny = true;
    },
    only: (peer) => {
      chosen = peer;
    },
    pick: (input, tried) => {
      if (chosen !== undefined && chosen.available) {
        return chosen;
      }
      if (tried.length > 0) {
        excludeAll(tried);
      }
      const picked = pickOnce(input);
      return picked === undefined ? pickAnyway(input, tried) : picked;
    },
  };
}
