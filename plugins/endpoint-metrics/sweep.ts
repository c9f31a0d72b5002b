import { integerText } from "../_core/text.ts";
import type { Clock, Store } from "../_kit/ports.ts";
import { ALL_FIELDS, idKey, idleKey, keyOf, RESERVED_SLOTS, slotKey } from "./slot-keys.ts";
import type { Found } from "./slot-text.ts";
import type { Slots } from "./slots.ts";

/** So many slots are looked at in a second, at least. */
const SLICE = 500;
/** All are looked at in about so many seconds. */
const ROUND_SECONDS = 60;
/** A worker that was just writing to a slot that is freed has ended long before. */
const EMPTY_AFTER_SECONDS = 5;
/** A slot whose owner could not yet say how long it is needed is left for so long. */
const GRACE_SECONDS = 60;

/** Removes what a slot counted, then the slot. */
function empty(store: Store, number: number): void {
  for (const field of ALL_FIELDS) {
    store.remove(keyOf(number, field));
  }
  store.remove(slotKey(number));
}

/** An owner that was killed while it registered leaves a slot that its labels do not lead to. */
function isDue(store: Store, { number, kind, labels }: Found, now: number): boolean {
  const until = store.get(idleKey(number));
  return (typeof until === "number" && until < now) || store.get(idKey(kind, labels)) !== number;
}

function lookAtOwned(store: Store, slots: Slots, number: number, now: number): void {
  if (typeof store.get(idleKey(number)) !== "number") {
    store.set(idleKey(number), now + GRACE_SECONDS);
    return;
  }
  const found = slots.read(number);
  if (found !== undefined && isDue(store, found, now)) {
    slots.free(found, (still) => isDue(store, still, now));
  }
}

function lookAt(store: Store, slots: Slots, number: number, now: number): void {
  const text = store.get(slotKey(number));
  if (typeof text === "string") {
    lookAtOwned(store, slots, number, now);
  } else if (typeof text === "number" && (now - text >= EMPTY_AFTER_SECONDS || now < text)) {
    // Also when the clock was set back: that shall not keep it for hours.
    empty(store, number);
  }
}

interface Slice {
  readonly first: number;
  readonly count: number;
}

function sweepSlice(store: Store, slots: Slots, now: number, first: number, count: number): void {
  for (let number = first; number < first + count; number++) {
    lookAt(store, slots, number, now);
  }
}

/** Of `count` things the slice that is due in this second. @returns the first, and how many */
function sliceOf(count: number, second: number): Slice {
  const wanted = Math.ceil(count / ROUND_SECONDS);
  const size = wanted > SLICE ? wanted : SLICE;
  const slices = Math.ceil(count / size);
  const first = slices > 0 ? (second - slices * Math.floor(second / slices)) * size : 0;
  return { first, count: first + size < count ? size : count - first };
}

/** Frees slots that were not used for their idle time: a slice each second, by one worker for all. */
export function sweep(store: Store, slots: Slots, clock: Clock): void {
  const now = clock.now();
  const second = Math.floor(now);
  if (!store.add(`sweep:${integerText(second)}`, true, 2)) {
    return;
  }
  const reserved = sliceOf(slots.highest("reserved") + 1, second);
  sweepSlice(store, slots, now, reserved.first, reserved.count);
  const ordinary = sliceOf(slots.highest("ordinary") - RESERVED_SLOTS, second);
  sweepSlice(store, slots, now, RESERVED_SLOTS + 1 + ordinary.first, ordinary.count);
}
