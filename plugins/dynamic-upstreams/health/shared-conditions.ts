/**
 * The conditions of all peers as all workers share them: one text and a version. Reading is a look at the version. Writing is
 * read, change and write under a claim, all in one go without a wait in between, so that a write takes a few milliseconds at
 * most and two workers cannot undo each other's.
 *
 * The race that is left: a worker that is stopped (SIGSTOP, a machine that sleeps) for longer than the claim lives, and that
 * just between its last look at the claim and its write, overwrites what others wrote meanwhile. Then ejections of that time
 * are lost, or come back until their time is up; what probes found is written again after the next probe of each peer.
 * A worker that dies between the two keeps others from writing for `CLAIM_SECONDS` (and for as much longer as the clock is
 * set back just then, for nginx measures lives of keys by it).
 */
import { conditionRows, readConditions, type Conditions } from "../../_core/health/health-text.ts";
import { conditionOf, GOOD_VERDICT, NO_EJECTION, type Condition } from "../../_core/health/peer-condition.ts";
import type { Clock, Json, Random, Store, StoreValue } from "../../_kit/ports.ts";
import type { Config } from "../config.ts";
import type { HealthKeys } from "./health-keys.ts";

/** @noSelf */
export interface SharedConditions {
  of(key: string): Condition | undefined;
  /** All of them, not to be kept: writing changes it. */
  all(): Readonly<Conditions>;
  /** Takes over what other workers wrote. @returns true when anything is another than at the call before */
  refresh(): boolean;
  /** Claims the right to write, and reads what is there now. False: another worker has it. Ends with `close`. */
  open(): boolean;
  put(key: string, condition: Condition | undefined): void;
  /** Writes what was put, or what was pushed out of memory. @returns false when it was not written: then nothing has changed */
  close(): boolean;
}

/** What is put, to be taken back when it cannot be written. */
interface Undo {
  readonly key: string;
  readonly before: Condition | undefined;
}

const CLAIM_SECONDS = 1;

interface SharedPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly json: Json;
}

export function sharedConditions(
  keys: HealthKeys,
  { active, passive }: Config["health"],
  { store, clock, random, json }: SharedPorts,
): SharedConditions {
  let conditions: Conditions = {};
  /** The text that `conditions` was made of. */
  let text = "";
  let version: StoreValue | undefined = -1;
  let changed = false;
  let token = 0;
  let isLost = false;
  let undos: Undo[] = [];

  /** What was written under a configuration that did probe, or eject, says nothing to one that does not. */
  function heeded(found: Conditions): Conditions {
    if (active === undefined || passive === undefined) {
      for (const key in found) {
        const { verdict, ejection } = found[key] ?? { verdict: GOOD_VERDICT, ejection: NO_EJECTION };
        found[key] = conditionOf(
          active === undefined ? GOOD_VERDICT : verdict,
          passive === undefined ? NO_EJECTION : ejection,
        );
      }
    }
    return found;
  }

  /** Text that is not there was pushed out, and text that is no JSON is not ours: what was known before still holds. */
  function adopt(): void {
    const found = store.get(keys.text);
    isLost = found === undefined && text !== "";
    if (typeof found !== "string" || found === text) {
      return;
    }
    const document = json.decode(found);
    if (document !== undefined) {
      text = found;
      conditions = heeded(readConditions(document));
      changed = true;
    }
  }

  function write(): boolean {
    const written = json.encode(conditionRows(conditions));
    if (store.get(keys.claim) !== token || !store.set(keys.text, written)) {
      return false;
    }
    text = written;
    // A counter that was pushed out does not begin again where it began before.
    const start = Math.floor(clock.now() * 1000);
    if (store.incr(keys.version, 1, start, 0) === undefined) {
      store.set(keys.version, start);
    }
    return true;
  }

  return {
    of: (key) => conditions[key],
    all: () => conditions,
    refresh: () => {
      const current = store.get(keys.version);
      if (current !== version) {
        // The version first: what is written after it was read shows in the next.
        version = current;
        adopt();
      }
      const result = changed;
      changed = false;
      return result;
    },
    open: () => {
      token = random.next();
      if (!store.add(keys.claim, token, CLAIM_SECONDS)) {
        return false;
      }
      undos = [];
      adopt();
      return true;
    },
    put: (key, condition) => {
      undos.push({ key, before: conditions[key] });
      conditions[key] = condition;
    },
    close: () => {
      const isWritten = (undos.length === 0 && !isLost) || write();
      if (isWritten) {
        changed = changed || undos.length > 0;
      } else {
        for (let last = undos.pop(); last !== undefined; last = undos.pop()) {
          conditions[last.key] = last.before;
        }
      }
      if (store.get(keys.claim) === token) {
        store.remove(keys.claim);
      }
      return isWritten;
    },
  };
}
