/**
 * Changes of peers' conditions, with what follows from each: one decision event, one count, and no failures in a row from
 * before. All of it only after the change was written, so that it comes from the one worker that made it.
 */
import { stateWord, type Condition } from "../../_core/health/peer-condition.ts";
import type { Clock, DecisionEvent, Events, Log, Store, StoreValue } from "../../_kit/ports.ts";
import type { HealthKeys } from "./health-keys.ts";
import type { EjectionKind, HealthTotals } from "./health-totals.ts";
import type { SharedConditions } from "./shared-conditions.ts";

export interface Change {
  /** What it was; the state before it in a word when absent. */
  readonly from?: string;
  readonly to: string;
  /** A short English sentence. */
  readonly reason: string;
  readonly inputs: Readonly<Record<string, StoreValue>>;
  /** Only with an ejection. */
  readonly kind?: EjectionKind;
  /** What it failed before says nothing about it from now on. */
  readonly startsAnew: boolean;
}

/** @noSelf */
export interface ConditionChanges {
  /** False: another worker writes just now. Ends with `end`. */
  begin(): boolean;
  make(key: string, condition: Condition | undefined, change: Change): void;
  /** The same for what nobody needs to be told. */
  makeQuietly(key: string, condition: Condition | undefined): void;
  /** @returns false when nothing could be written: nothing has changed then, and nobody was told */
  end(): boolean;
}

interface ChangeParts {
  readonly upstream: string;
  readonly keys: HealthKeys;
  readonly shared: SharedConditions;
  readonly totals: HealthTotals;
  readonly store: Store;
  readonly clock: Clock;
  readonly events: Events;
  readonly log: Log;
  readonly longestSeconds: number;
}

const WARN_SECONDS = 60;

export function conditionChanges(parts: ChangeParts): ConditionChanges {
  const { upstream, keys, shared, totals, store, clock, events, log, longestSeconds } = parts;
  let told: DecisionEvent[] = [];
  let kinds: EjectionKind[] = [];
  let anew: string[] = [];
  let warnedSeconds = 0;

  function warn(): void {
    const now = clock.now();
    if (now - warnedSeconds >= WARN_SECONDS || now < warnedSeconds) {
      warnedSeconds = now;
      log.warn(`the health of upstream ${upstream} was not written: is the dict autoscale_upstreams too small?`);
    }
  }

  function follow(): void {
    for (const peer of anew) {
      store.remove(keys.errors(peer));
      store.remove(keys.gatewayErrors(peer));
    }
    for (const kind of kinds) {
      totals.count(kind);
    }
    for (const event of told) {
      events.emit(event);
    }
  }

  return {
    begin: () => {
      told = [];
      kinds = [];
      anew = [];
      const claimed = shared.open();
      return claimed;
    },
    make: (key, condition, change) => {
      told.push({
        plugin: "dynamic-upstreams",
        subject: `peer:${upstream}/${key}`,
        from: change.from ?? stateWord(shared.of(key), clock.now(), longestSeconds),
        to: change.to,
        reason: change.reason,
        inputs: change.inputs,
      });
      if (change.kind !== undefined) {
        kinds.push(change.kind);
      }
      if (change.startsAnew) {
        anew.push(key);
      }
      shared.put(key, condition);
    },
    makeQuietly: shared.put,
    end: () => {
      const written = shared.close();
      if (written) {
        follow();
      } else {
        warn();
      }
      return written;
    },
  };
}
