import { integerText } from "../_core/text.ts";
import type { Clock, Store } from "../_kit/ports.ts";
import { ALL_FIELDS, idKey, idleKey, keyOf, slotKey } from "./slot-keys.ts";
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

function lookAt(store: Store, slots: Slots, number: number, now: number): void {
  const text = store.get(slotKey(number));
  if (text === undefined) {
    return;
  }
  if (typeof text === "number") {
    // A clock that was set back shall not keep it for hours.
    if (now - text >= EMPTY_AFTER_SECONDS || now < text) {
      empty(store, number);
    }
    return;
  }
  const idleAfter = store.get(idleKey(number));
  if (typeof idleAfter !== "number") {
    store.set(idleKey(number), now + GRACE_SECONDS);
    return;
  }
  const found = slots.read(number);
  if (found === undefined) {
    return;
  }
  const isDue = (): boolean => {
    const until = store.get(idleKey(number));
    // An owner that was killed while it registered leaves a slot that its labels do not lead to.
    return (typeof until === "number" && until < now) || store.get(idKey(found.kind, found.labels)) !== number;
  };
  if (isDue()) {
    slots.free(found, isDue);
  }
}

/** Frees slots that were not used for their idle time: a slice each second, by one worker for all. */
export function sweep(store: Store, slots: Slots, clock: Clock, last: number): void {
  const now = clock.now();
  const second = Math.floor(now);
  if (!store.add(`sweep:${integerText(second)}`, true, 2)) {
    return;
  }
  const wanted = Math.ceil((last + 1) / ROUND_SECONDS);
  const size = wanted > SLICE ? wanted : SLICE;
  const slices = Math.ceil((last + 1) / size);
  const first = (second - slices * Math.floor(second / slices)) * size;
  for (let number = first; number < first + size && number <= last; number++) {
    lookAt(store, slots, number, now);
  }
}
