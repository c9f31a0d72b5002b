import type { Clock, Json, Random, Store } from "../_kit/ports.ts";
import { createFreeSlots } from "./free-slots.ts";
import { idKey, idleKey, slotKey, type Identity, type Range, type Slot } from "./slot-keys.ts";

import { parseSlot, sameBounds, type Found } from "./slot-text.ts";

/** @noSelf */
export interface Slots {
  /** Finds the identity's slot or takes one; undefined when all are taken, or when another worker is at it just now. */
  open(identity: Identity): Slot | undefined;
  /** Finds it, and takes none. */
  find(identity: Identity): Slot | undefined;
  /** Whether the slot is still this identity's. One read of the dict. */
  holds(slot: Slot): boolean;
  /** Keeps the slot from being freed for the identity's idle time. Writes seldom. */
  touch(slot: Slot, identity: Identity): void;
  /** Whether none of these slots was free of late. */
  full(range: Range): boolean;
  read(number: number): Found | undefined;
  /** Frees the slot if `isDue` still says so. What it counted goes some seconds later. */
  free(found: Found, isDue: (this: void, found: Found) => boolean): void;
  /** The highest slot of a range that may be in use. */
  highest(range: Range): number;
}

/** Another worker that registers the same labels is done in less. */
const LOCK_SECONDS = 5;
const LOCK_TRIES = 200;

/**
 * The registry of series in the dict: who has which slot. Whoever changes an entry under `id:` holds the lock of its labels.
 * @param limit how many ordinary slots there are now
 */
export function createSlots(
  { store, clock, random, json }: { store: Store; clock: Clock; random: Random; json: Json },
  limit: (this: void) => number,
): Slots {
  const free = createFreeSlots({ store, clock, random, json }, limit);

  function read(number: number): Found | undefined {
    const text = store.get(slotKey(number));
    return typeof text === "string" ? parseSlot(json, number, text) : undefined;
  }

  function find({ kind, labels, bounds, bornSeconds }: Identity): Slot | undefined {
    const number = store.get(idKey(kind, labels));
    if (typeof number !== "number") {
      return undefined;
    }
    const text = store.get(slotKey(number));
    const found = typeof text === "string" ? parseSlot(json, number, text) : undefined;
    if (typeof text !== "string" || found === undefined || found.kind !== kind || found.labels !== labels) {
      return undefined;
    }
    const isNewer = found.bornSeconds > bornSeconds;
    return isNewer || sameBounds(found.bounds, bounds)
      ? { number, text, bounds: found.bounds, keys: {}, touchedSeconds: 0 }
      : undefined;
  }

  function touch(slot: Slot, { idleSeconds }: Identity): void {
    const now = clock.now();
    if (now - slot.touchedSeconds >= idleSeconds / 4 || now < slot.touchedSeconds) {
      slot.touchedSeconds = now;
      store.set(idleKey(slot.number), now + idleSeconds);
    }
  }

  /** The caller has the lock. */
  function register(identity: Identity): Slot | undefined {
    const key = idKey(identity.kind, identity.labels);
    const before = store.get(key);
    const slot = free.take(identity);
    if (slot === undefined) {
      return undefined;
    }
    touch(slot, identity);
    store.set(key, slot.number);
    if (typeof before === "number" && read(before)?.labels === identity.labels) {
      // Of a configuration with other buckets: what it counted cannot be shown in these.
      store.set(slotKey(before), clock.now());
    }
    return slot;
  }

  return {
    find,
    open: (identity) => {
      const lock = `lock:${identity.labels}`;
      for (let i = 0; i < LOCK_TRIES; i++) {
        const found = find(identity);
        if (found !== undefined || free.full(identity.range)) {
          return found;
        }
        if (store.add(lock, true, LOCK_SECONDS)) {
          const slot = find(identity) ?? register(identity);
          store.remove(lock);
          return slot;
        }
      }
      return undefined;
    },
    holds: (slot) => store.get(slotKey(slot.number)) === slot.text,
    touch,
    full: free.full,
    read,
    highest: free.highest,
    free: (found, isDue) => {
      const { number, kind, labels } = found;
      const lock = `lock:${labels}`;
      if (!store.add(lock, true, LOCK_SECONDS)) {
        return;
      }
      const slot = slotKey(number);
      const text = store.get(slot);
      if (typeof text === "string" && isDue(found)) {
        // A number in place of the text: emptied, and free to be taken, some seconds after.
        store.set(slot, clock.now());
        const key = idKey(kind, labels);
        if (!isDue(found)) {
          // A worker wrote to it since the first look, and said so.
          store.set(slot, text);
        } else if (store.get(key) === number) {
          store.remove(key);
        }
      }
      store.remove(lock);
    },
  };
}
