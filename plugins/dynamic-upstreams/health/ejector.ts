/** Ejects a peer if it may be. Between `begin` and `end` of the changes: so no two workers eject the last two peers at once. */
import { ejectionSeconds, mayEject, nextCount } from "../../_core/health/ejection.ts";
import { conditionOf, ejectionOf, isEjected, isUsable, verdictOf } from "../../_core/health/peer-condition.ts";
import type { Random, StoreValue } from "../../_kit/ports.ts";
import type { PassiveConfig } from "../config.ts";
import type { ConditionChanges } from "./condition-changes.ts";
import type { EjectionKind, HealthTotals } from "./health-totals.ts";
import type { PeerRoster } from "./peer-roster.ts";
import type { SharedConditions } from "./shared-conditions.ts";

/** Why a peer is to be ejected. */
export interface Grounds {
  readonly kind: EjectionKind;
  /** In a few words. */
  readonly note: string;
  /** The figures. */
  readonly inputs: Record<string, StoreValue>;
}

/** @noSelf */
export interface Ejector {
  /** Counts who is ejected: once after each `begin`. */
  recount(nowSeconds: number): void;
  /** @returns false when it may not be ejected: too many are, or no other takes requests */
  eject(key: string, grounds: Grounds, nowSeconds: number): boolean;
}

interface EjectorParts {
  readonly shared: SharedConditions;
  readonly roster: PeerRoster;
  readonly changes: ConditionChanges;
  readonly totals: HealthTotals;
  readonly random: Random;
  readonly longestSeconds: number;
}

export function createEjector(config: PassiveConfig, parts: EjectorParts): Ejector {
  const { shared, roster, changes, totals, random, longestSeconds } = parts;
  const { eject_seconds: ejectSeconds, max_eject_seconds: maxSeconds, max_ejected: percent } = config;
  let ejected = 0;

  /** What people took out counts as little as what health takes out. */
  function othersAvailable(key: string, now: number): boolean {
    for (const peer of roster.peers()) {
      if (peer.key !== key && peer.available && isUsable(shared.of(peer.key), now, longestSeconds)) {
        return true;
      }
    }
    return false;
  }

  function put(key: string, { kind, note, inputs }: Grounds, now: number): void {
    const condition = shared.of(key);
    const count = nextCount(ejectionOf(condition).count, ejectSeconds, maxSeconds);
    const seconds = Math.floor(ejectionSeconds(ejectSeconds, count, maxSeconds, random.next()) * 1000) / 1000;
    inputs["ejections"] = count;
    inputs["seconds"] = seconds;
    inputs["ejected_peers"] = ejected;
    inputs["peers"] = roster.peers().length;
    const ejection = { untilSeconds: now + seconds, count, returnedSeconds: 0, note };
    changes.make(key, conditionOf(verdictOf(condition), ejection), {
      to: "ejected",
      reason: note,
      inputs,
      kind,
      startsAnew: true,
    });
  }

  return {
    recount: (now) => {
      ejected = 0;
      const all = shared.all();
      for (const key in all) {
        if (roster.find(key) !== undefined && isEjected(ejectionOf(all[key]), now, longestSeconds)) {
          ejected += 1;
        }
      }
    },
    eject: (key, grounds, now) => {
      if (!mayEject(percent, roster.peers().length, ejected, othersAvailable(key, now))) {
        totals.count("refused");
        return false;
      }
      ejected += 1;
      put(key, grounds, now);
      return true;
    },
  };
}
