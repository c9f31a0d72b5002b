import type { Store } from "../_kit/ports.ts";
import type { CountedSeries } from "./counted-series.ts";
import { keepExemplar } from "./exemplar.ts";
import {
  BUCKETS,
  ERRORS,
  fieldKey,
  REQUEST_BYTES,
  RESPONSE_BYTES,
  SECONDS,
  UPSTREAM_BUCKETS,
  UPSTREAM_SECONDS,
  type Slot,
} from "./slot-keys.ts";
import type { Slots } from "./slots.ts";

function add(store: Store, slot: Slot, field: string, delta: number): void {
  if (delta !== 0) {
    store.incr(fieldKey(slot, field), delta, 0, 0);
  }
}

function addCounts(store: Store, slot: Slot, fields: readonly string[], counts: readonly number[]): void {
  const last = slot.bounds.length;
  for (let i = 0; i < counts.length; i++) {
    // The slot may be of a later configuration with other buckets: a worker that finishes adds to the nearest.
    add(store, slot, fields[i < last ? i : last] ?? "", counts[i] ?? 0);
  }
}

function write(store: Store, slot: Slot, series: CountedSeries): void {
  addCounts(store, slot, BUCKETS, series.buckets);
  addCounts(store, slot, UPSTREAM_BUCKETS, series.upstreamBuckets);
  add(store, slot, SECONDS, series.seconds);
  add(store, slot, ERRORS, series.errors);
  add(store, slot, UPSTREAM_SECONDS, series.upstreamSeconds);
  add(store, slot, REQUEST_BYTES, series.requestBytes);
  add(store, slot, RESPONSE_BYTES, series.responseBytes);
  if (slot.bounds.length === series.identity.bounds.length) {
    keepExemplar(store, slot, series);
  }
}

/**
 * Adds what was counted to the dict.
 * @returns false when the series has no slot; then nothing of it is shown
 */
export function flushSeries(store: Store, slots: Slots, series: CountedSeries): boolean {
  const { identity } = series;
  let slot = series.slot;
  if (slot === undefined || !slots.holds(slot)) {
    slot = slots.open(identity);
  }
  series.slot = slot;
  for (let tries = 0; tries < 2 && slot !== undefined; tries++) {
    write(store, slot, series);
    // First this, then the look: whoever frees the slot looks in the other order.
    slots.touch(slot, identity);
    if (slots.holds(slot)) {
      return true;
    }
    // It was freed meanwhile: what was written is not shown. Or nearly so, and then it was.
    const again = slots.open(identity);
    if (again !== undefined && again.text === slot.text && again.number === slot.number) {
      return true;
    }
    slot = again;
    series.slot = slot;
  }
  return false;
}
