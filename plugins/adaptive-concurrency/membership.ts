/**
 * How the counters of requests under way stay exact when a worker dies: nobody takes its requests off them. Each worker leaves its
 * mark at its slot for as long as it has requests, or may have some. A mark whose worker is gone begins a new generation: all
 * counters are then counted anew, under new keys, from what each live worker knows of its own requests.
 */
import { integerText } from "../_core/text.ts";
import type { WorkerHost } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import { claimOwner } from "./owner-claim.ts";

const GENERATION = "cc:generation";
const HIGHEST = "cc:highest";
const WATCH = "cc:watch";
/** Another worker looks for the dead when nobody did for so long. */
const WATCH_SECONDS = 3;
/** So long nobody else begins a generation for the same reason. */
const CLAIM_SECONDS = 60;

/** @noSelf */
export interface Membership {
  generation(): number;
  /** Each second: leaves the mark, and looks for those of the dead in one worker. */
  keep(): void;
  /** The worker was told to finish. @param isEmpty none of its requests is counted any more */
  leave(isEmpty: boolean): void;
  /** Begins a new generation, once for all who find the same `reason`. */
  renew(reason: string): void;
}

function markKey(slot: number): string {
  return `cc:worker:${integerText(slot)}`;
}

function numberAt(store: Store, key: string): number | undefined {
  const value = store.get(key);
  return typeof value === "number" ? value : undefined;
}

export function createMembership(worker: WorkerHost, store: Store): Membership {
  let markedAt: number | undefined;

  function renew(reason: string): void {
    if (store.add(`cc:renewed:${reason}`, true, CLAIM_SECONDS)) {
      store.incr(GENERATION, 1, 0, 0);
    }
  }

  function mark(): void {
    const slot = worker.slot();
    const self = worker.holderOf(slot);
    if (self === undefined) {
      return;
    }
    if (markedAt !== undefined && markedAt !== slot && numberAt(store, markKey(markedAt)) === self) {
      store.remove(markKey(markedAt));
    }
    markedAt = slot;
    const before = numberAt(store, markKey(slot));
    if (before === self) {
      return;
    }
    store.set(markKey(slot), self);
    const highest = numberAt(store, HIGHEST);
    if (highest === undefined || highest < slot) {
      store.set(HIGHEST, slot);
    }
    if (before !== undefined) {
      // Whoever had the slot before has not said goodbye.
      renew(integerText(before));
    }
  }

  function watch(): void {
    const highest = numberAt(store, HIGHEST) ?? 0;
    for (let slot = 0; slot <= highest; slot++) {
      const marked = numberAt(store, markKey(slot));
      if (marked !== undefined && worker.holderOf(slot) !== marked) {
        store.remove(markKey(slot));
        renew(integerText(marked));
      }
    }
  }

  return {
    generation: () => numberAt(store, GENERATION) ?? 0,
    keep: () => {
      mark();
      if (claimOwner(worker, store, WATCH, WATCH_SECONDS)) {
        watch();
      }
    },
    leave: (isEmpty) => {
      if (!isEmpty) {
        mark();
      } else if (markedAt !== undefined) {
        const self = worker.holderOf(worker.slot());
        if (self !== undefined && numberAt(store, markKey(markedAt)) === self) {
          store.remove(markKey(markedAt));
        }
        markedAt = undefined;
      }
    },
    renew,
  };
}
