/** Who has which slot, kept in a store that all workers of a node share. See worker-slot.ts. */
import { integerText } from "../../plugins/_core/text.ts";
import type { Store } from "../../plugins/_kit/ports.ts";

/** Tells whether a process of this machine still runs. */
export type IsAlive = (this: void, pid: number) => boolean;

const MOST_SLOTS = 1024;
const HIGHEST = "slot:highest";
/** One of those who find a dead worker's slot takes it. The dead one's pid may belong to another after this long. */
const HEIR_SECONDS = 60;

function keyOf(slot: number): string {
  return `slot:${integerText(slot)}`;
}

function numberAt(store: Store, key: string): number | undefined {
  const value = store.get(key);
  return typeof value === "number" ? value : undefined;
}

/** Takes over what a dead worker left; true for one of all who try. */
function inherit(store: Store, key: string, dead: number, pid: number): boolean {
  if (!store.add(`${key}:heir:${integerText(dead)}`, pid, HEIR_SECONDS)) {
    return false;
  }
  store.set(key, pid);
  return true;
}

function take(store: Store, pid: number, isAlive: IsAlive): number {
  for (let slot = 0; slot < MOST_SLOTS; slot++) {
    const key = keyOf(slot);
    if (store.add(key, pid)) {
      return slot;
    }
    const holder = numberAt(store, key);
    if (holder === pid || (holder !== undefined && !isAlive(holder) && inherit(store, key, holder, pid))) {
      return slot;
    }
  }
  return MOST_SLOTS;
}

/** Readers look up to the highest slot. */
function announce(store: Store, slot: number): void {
  const highest = numberAt(store, HIGHEST);
  if (highest === undefined || highest < slot) {
    store.set(HIGHEST, slot);
  }
}

/** The lowest slot that no live process has; 1024 when there is none. */
export function claimSlot(store: Store, pid: number, isAlive: IsAlive): number {
  const slot = take(store, pid, isAlive);
  announce(store, slot);
  return slot;
}

/** Looks whether the slot is still ours, which lives in memory that can be pushed out, and returns the one to use. */
export function keepSlot(store: Store, pid: number, isAlive: IsAlive, slot: number): number {
  if (numberAt(store, keyOf(slot)) !== pid) {
    return claimSlot(store, pid, isAlive);
  }
  announce(store, slot);
  return slot;
}

/** The live process that has the slot. */
export function holderOf(store: Store, isAlive: IsAlive, slot: number): number | undefined {
  const holder = numberAt(store, keyOf(slot));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** The highest slot in use, from `own` up. Lowers what is kept of it where those above have died. */
export function highestSlot(store: Store, isAlive: IsAlive, own: number): number {
  const kept = numberAt(store, HIGHEST);
  let highest = kept === undefined || kept < own ? own : kept;
  while (highest > own) {
    const holder = numberAt(store, keyOf(highest));
    if (holder !== undefined && isAlive(holder)) {
      break;
    }
    highest -= 1;
  }
  if (highest !== kept) {
    // Who has just claimed a slot above says so again within a second.
    store.set(HIGHEST, highest);
  }
  return highest;
}
