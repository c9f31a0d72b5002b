import type { Clock, Json, Random, Store } from "../_kit/ports.ts";
import { firstOf, RESERVED_SLOTS, slotKey, usedKey, type Identity, type Range, type Slot } from "./slot-keys.ts";
import { slotText } from "./slot-text.ts";

/** @noSelf */
export interface FreeSlots {
  /** Undefined when all of the identity's range are taken. */
  take(identity: Identity): Slot | undefined;
  /** Whether none of these slots was free of late. */
  full(range: Range): boolean;
  /** The highest slot of a range that may be in use. */
  highest(range: Range): number;
}

/** After all slots were found taken, none is looked for so long. */
const FULL_SECONDS = 5;

/** @param limit how many ordinary slots there are now */
export function createFreeSlots(
  { store, clock, random, json }: { store: Store; clock: Clock; random: Random; json: Json },
  limit: (this: void) => number,
): FreeSlots {
  const fullUntil: Record<Range, number> = { ordinary: 0, reserved: 0, last: 0 };

  function countOf(range: Range): number {
    if (range === "last") {
      return 1;
    }
    return range === "reserved" ? RESERVED_SLOTS : limit();
  }

  /** How many slots of a range were ever in use. */
  function usedOf(range: Range): number {
    const used = store.get(usedKey(range));
    return typeof used === "number" ? used : 0;
  }

  function add(number: number, { kind, bornSeconds, bounds, labels }: Identity): Slot | undefined {
    const text = slotText(json, number, kind, bornSeconds, bounds, labels);
    const isAdded = store.add(slotKey(number), text);
    return isAdded ? { number, text, bounds, keys: {}, touchedSeconds: 0 } : undefined;
  }

  /** A slot that nobody has: one that never was in use, else the first that was freed after a place drawn by lot. */
  function take(identity: Identity): Slot | undefined {
    const range = identity.range;
    const first = firstOf(range);
    const count = countOf(range);
    const used = usedOf(range) < count ? store.incr(usedKey(range), 1, 0, 0) : undefined;
    const fresh = used !== undefined && used <= count ? add(first + used - 1, identity) : undefined;
    if (fresh !== undefined) {
      return fresh;
    }
    const start = Math.floor(random.next() * count);
    for (let i = 0; i < count; i++) {
      const at = start + i;
      const number = first + (at < count ? at : at - count);
      const freed = store.get(slotKey(number)) === undefined ? add(number, identity) : undefined;
      if (freed !== undefined) {
        return freed;
      }
    }
    fullUntil[range] = clock.now() + FULL_SECONDS;
    return undefined;
  }

  return {
    take,
    full: (range) => clock.now() < fullUntil[range],
    highest: (range) => firstOf(range) + usedOf(range) - 1,
  };
}
