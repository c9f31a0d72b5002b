import { integerText } from "../_core/text.ts";
import type { Store } from "../_kit/ports.ts";
import { fieldKey, keyOf, LEAVING, type Identity, type Slot } from "./slot-keys.ts";
import type { Slots } from "./slots.ts";

/** A worker that has not told for so long has none. */
const TOLD_SECONDS = 5;
/** What a worker that finishes has left is forgotten after so long, should it be killed. */
const LEAVING_SECONDS = 3600;

/** Requests of one route to one upstream that are under way in this worker. */
export interface Gauge {
  readonly route: string;
  readonly upstream: string;
  readonly identity: Identity;
  /** So many instances count in it. */
  holders: number;
  count: number;
  /** What the other workers were told. */
  told: number;
  /** When its slot is to be kept again, so that the gauge is shown while it is 0. */
  keepAfterSeconds: number;
  slot: Slot | undefined;
}

/** The gauge of each request under way, by its handle. */
export type UnderWay = Record<number, Gauge | undefined>;

/** Call it in access. */
export function enter(underWay: UnderWay, handle: number, gauge: Gauge): void {
  const before = underWay[handle];
  if (before !== undefined) {
    // It ended without its log phase, or is on its second way through access.
    before.count -= 1;
  }
  underWay[handle] = gauge;
  gauge.count += 1;
}

/** Call it in log. */
export function leave(underWay: UnderWay, handle: number): void {
  const gauge = underWay[handle];
  if (gauge !== undefined) {
    underWay[handle] = undefined;
    gauge.count -= 1;
  }
}

function numberAt(store: Store, key: string): number {
  const value = store.get(key);
  return typeof value === "number" ? value : 0;
}

function slotOf(slots: Slots, gauge: Gauge): Slot | undefined {
  if (gauge.slot === undefined || !slots.holds(gauge.slot)) {
    gauge.slot = slots.open(gauge.identity);
  }
  return gauge.slot;
}

/** Tells the other workers how many requests are under way here. Each second. */
export function tellGauge(store: Store, slots: Slots, gauge: Gauge, worker: number, nowSeconds: number): void {
  const isSame = gauge.count === 0 && gauge.told === 0;
  if (isSame && nowSeconds < gauge.keepAfterSeconds) {
    return;
  }
  const slot = slotOf(slots, gauge);
  if (slot === undefined) {
    return;
  }
  slots.touch(slot, gauge.identity);
  gauge.keepAfterSeconds = nowSeconds + gauge.identity.idleSeconds / 4;
  if (!isSame) {
    store.set(fieldKey(slot, `w${integerText(worker)}`), gauge.count, TOLD_SECONDS);
    gauge.told = gauge.count;
  }
}

/**
 * The same in a worker that finishes: no timer runs in it any more, and its place among the workers goes to another, while
 * its requests may take for long.
 * @param first at the first call, which moves what was told to the sum of all that leave
 */
export function tellLeaving(store: Store, slots: Slots, gauge: Gauge, worker: number, first: boolean): void {
  const told = first ? 0 : gauge.told;
  if (gauge.count === told && gauge.told === 0) {
    return;
  }
  const slot = slotOf(slots, gauge);
  if (slot !== undefined) {
    if (first) {
      store.remove(fieldKey(slot, `w${integerText(worker)}`));
    }
    const key = fieldKey(slot, LEAVING);
    store.incr(key, gauge.count - told, 0, LEAVING_SECONDS);
    store.expire(key, LEAVING_SECONDS);
    gauge.told = gauge.count;
  }
}

/** Requests under way in all workers. */
export function readGauge(store: Store, slotNumber: number, highestWorker: number): number {
  let sum = numberAt(store, keyOf(slotNumber, LEAVING));
  for (let worker = 0; worker <= highestWorker; worker++) {
    sum += numberAt(store, keyOf(slotNumber, `w${integerText(worker)}`));
  }
  return sum > 0 ? sum : 0;
}
