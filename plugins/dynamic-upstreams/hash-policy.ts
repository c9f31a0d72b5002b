import { pickBounded } from "../_core/balance/bounded-hash.ts";
import { createMaglevBuild, type MaglevBuild } from "../_core/balance/maglev.ts";
import type { Level } from "./levels.ts";
import type { Peer } from "./peer.ts";
import type { Policy } from "./policy.ts";

/** Work that is to be spread over turns of the event loop. @noSelf */
export interface Turns {
  /** Calls `step` now and then until it gives true; at once where nothing else has to run yet. */
  spread(step: () => boolean): void;
}

/** So many slots are filled in one turn: well below a millisecond. */
const STEPS_PER_TURN = 20_000;

function sameMembers(a: readonly Peer[], b: readonly Peer[], weights: readonly number[]): boolean {
  if (a.length !== b.length) {
    return false;
  }
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] || a[i]?.entry.weight !== weights[i]) {
      return false;
    }
  }
  return true;
}

/** Without a table the hash alone leads to a peer. */
const NO_TABLE: readonly number[] = [];

/**
 * Maglev with bounded loads. The table is made of all peers of the level, sick ones too: who falls ill and recovers moves
 * only its own keys. While a new table is made the old one goes on; where nobody of the old one is left, as in the first set or a
 * wholly new one, the hash alone decides until then.
 */
export function hashPolicy(balanceFactor: number, turns: Turns): Policy {
  let members: readonly Peer[] = [];
  let weights: number[] = [];
  let table: readonly number[] = [];
  let tableOf: readonly Peer[] = [];
  let build: MaglevBuild | undefined;
  let availableWeight = 0;

  function begin(level: Level): void {
    members = level.all;
    weights = [];
    const keys: string[] = [];
    for (const peer of members) {
      keys.push(peer.key);
      weights.push(peer.entry.weight);
    }
    const made = createMaglevBuild(keys, weights);
    const of = members;
    build = made;
    turns.spread(() => {
      if (build !== made) {
        return true;
      }
      if (!made.step(STEPS_PER_TURN)) {
        return false;
      }
      table = made.table;
      tableOf = of;
      build = undefined;
      return true;
    });
  }

  return {
    reset: (level) => {
      availableWeight = level.availableWeight;
      if (!sameMembers(members, level.all, weights)) {
        begin(level);
      }
    },
    pick: (serial, { hash, inFlight }) => {
      const picked = pickBounded(tableOf, table, hash, serial, balanceFactor, inFlight, availableWeight);
      if (picked !== undefined || build === undefined) {
        return picked;
      }
      const other = pickBounded(members, NO_TABLE, hash, serial, balanceFactor, inFlight, availableWeight);
      return other;
    },
  };
}
