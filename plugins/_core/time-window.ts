import { callsOf, failuresOf, slowOf } from "./packed-counts.ts";

/**
 * Calls, failures and slow calls of the last seconds, in slots (resilience4j's time-based sliding window with
 * partial aggregation). Slots are numbered from the epoch, so all workers agree on them. The current slot
 * belongs to the window: it spans between `slots - 1` and `slots` widths. What is in the slots is packed counts.
 */
interface TimeWindow {
  readonly slots: number;
  readonly widthSeconds: number;
  /** Number of the current slot. */
  slot: number;
  startSeconds: number;
  endSeconds: number;
  /** Packed counts of the current slot. */
  current: number;
  /** Packed counts of the other slots, by slot number modulo `slots`; the current slot's place is 0. */
  readonly sealed: number[];
  /** Sums over `sealed`. */
  calls: number;
  failures: number;
  slow: number;
}

/** Ten slots up to 10 seconds, one a second above. */
function slotWidth(seconds: number): number {
  return seconds < 10 ? seconds / 10 : 1;
}

function slotCount(seconds: number): number {
  return seconds < 10 ? 10 : Math.ceil(seconds);
}

function place(window: TimeWindow, slot: number): number {
  return slot - Math.floor(slot / window.slots) * window.slots;
}

function enter(window: TimeWindow, slot: number): void {
  window.slot = slot;
  window.startSeconds = slot * window.widthSeconds;
  window.endSeconds = (slot + 1) * window.widthSeconds;
  window.current = 0;
}

function put(window: TimeWindow, slot: number, packed: number): void {
  const index = place(window, slot);
  const old = window.sealed[index] ?? 0;
  if (old === packed) {
    return;
  }
  window.sealed[index] = packed;
  window.calls += callsOf(packed) - callsOf(old);
  window.failures += failuresOf(packed) - failuresOf(old);
  window.slow += slowOf(packed) - slowOf(old);
}

/** Forgets everything; the slot at `nowSeconds` is current. */
function clearTimeWindow(window: TimeWindow, nowSeconds: number): void {
  for (let index = 0; index < window.slots; index++) {
    window.sealed[index] = 0;
  }
  window.calls = 0;
  window.failures = 0;
  window.slow = 0;
  enter(window, Math.floor(nowSeconds / window.widthSeconds));
}

/** @param seconds length of the window, above 0 */
function newTimeWindow(seconds: number, nowSeconds: number): TimeWindow {
  const window: TimeWindow = {
    slots: slotCount(seconds),
    widthSeconds: slotWidth(seconds),
    slot: 0,
    startSeconds: 0,
    endSeconds: 0,
    current: 0,
    sealed: [],
    calls: 0,
    failures: 0,
    slow: 0,
  };
  clearTimeWindow(window, nowSeconds);
  return window;
}

/**
 * Makes the slot at `nowSeconds` current; true when that is another one than before. A clock that goes back by
 * no more than one slot (workers' clocks differ by milliseconds) changes nothing; one that goes back further
 * was set, and the window starts anew.
 */
function advanceTimeWindow(window: TimeWindow, nowSeconds: number): boolean {
  const target = Math.floor(nowSeconds / window.widthSeconds);
  const steps = target - window.slot;
  if (steps === 0 || steps === -1) {
    return false;
  }
  if (steps < 0 || steps >= window.slots) {
    clearTimeWindow(window, nowSeconds);
    return true;
  }
  put(window, window.slot, window.current);
  for (let slot = window.slot + 1; slot <= target; slot++) {
    put(window, slot, 0);
  }
  enter(window, target);
  return true;
}

/** Corrects what is known of `slot` (the current one or an earlier one of the window); others are ignored. */
function correctTimeWindow(window: TimeWindow, slot: number, packed: number): void {
  if (slot === window.slot) {
    window.current = packed;
  } else if (slot < window.slot && slot > window.slot - window.slots) {
    put(window, slot, packed);
  }
}

export { advanceTimeWindow, clearTimeWindow, correctTimeWindow, newTimeWindow, slotCount, slotWidth };
export type { TimeWindow };
