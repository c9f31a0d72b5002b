/**
 * A number for each live worker of the node, from 0. `ngx.worker.id` does not do: after a reload the workers that finish
 * their requests have the ids of the new ones.
 */
import type { Store } from "../../plugins/_kit/ports.ts";
import { timerScope } from "./worker-timer.ts";

/** A worker that has not renewed its slot for so long is taken for dead. */
const LEASE_SECONDS = 5;
const RENEW_SECONDS = 1;
const MOST_SLOTS = 1024;
const HIGHEST = "slot:highest";

/** @noSelf */
export interface WorkerSlot {
  slot(): number;
  highestSlot(): number;
}

function keyOf(slot: number): string {
  return `slot:${string.format("%d", slot)}`;
}

function claim(store: Store, pid: number): number {
  for (const slot of $range(0, MOST_SLOTS - 1)) {
    if (store.add(keyOf(slot), pid, LEASE_SECONDS)) {
      const highest = store.get(HIGHEST);
      if (type(highest) !== "number" || (highest as number) < slot) {
        store.set(HIGHEST, slot);
      }
      return slot;
    }
  }
  return MOST_SLOTS;
}

/** Takes a slot and keeps it as long as this worker lives. */
export function takeSlot(store: Store): WorkerSlot {
  const pid = ngx.worker.pid();
  let own = claim(store, pid);
  timerScope().timer.every(RENEW_SECONDS, () => {
    // A worker that was stalled may find another one in its place.
    if (store.get(keyOf(own)) === pid) {
      store.set(keyOf(own), pid, LEASE_SECONDS);
    } else {
      own = claim(store, pid);
    }
  });
  return {
    slot: () => own,
    highestSlot: () => {
      const highest = store.get(HIGHEST);
      return type(highest) === "number" ? (highest as number) : own;
    },
  };
}
