import { observeCount, windowCounts, type CountWindow } from "../_core/count-window.ts";
import { COUNT_LIMIT, COUNT_STOP, callsOf, failuresOf, slowOf } from "../_core/packed-counts.ts";
import { advanceTimeWindow, type TimeWindow } from "../_core/time-window.ts";
import { tripOf } from "../_core/trip-rule.ts";
import { nameCounter, type Cell } from "./cell.ts";
import { claimTurn, writeOpen } from "./transitions.ts";

/** From so many calls on, a counter of a count window is replaced; a worker that fails to is followed by another. */
const ROTATE_CALLS = 65536;
const ROTATE_EVERY = 4096;

/** Opens the breaker if the calls in its window say so. */
function judge(cell: Cell, now: number, calls: number, failures: number, slow: number): void {
  const settings = cell.settings;
  const failurePercent = settings.failurePercent;
  const slowPercent = settings.slowPercent;
  const trip = tripOf(calls, failures, slow, settings.minimumCalls, failurePercent, slowPercent);
  if (trip !== undefined && claimTurn(cell, now)) {
    const reason = trip === "failures" ? "too many failures" : "too many slow calls";
    writeOpen(cell, now, 1, reason, {
      calls,
      failures,
      slow_calls: slow,
      failure_threshold: failurePercent,
      slow_threshold: slowPercent,
    });
  }
}

function countInSlot(cell: Cell, window: TimeWindow, now: number, delta: number): void {
  if ((now >= window.endSeconds || now < window.startSeconds) && advanceTimeWindow(window, now)) {
    nameCounter(cell);
  }
  if (cell.full) {
    return;
  }
  const packed = cell.store.incr(cell.counterKey, delta, 0, cell.counterTtlSeconds);
  if (packed === undefined) {
    return;
  }
  window.current = packed;
  if (packed < COUNT_STOP && window.failures + window.slow === 0) {
    return;
  }
  const calls = callsOf(packed);
  if (calls >= COUNT_STOP) {
    cell.full = true;
  }
  judge(cell, now, window.calls + calls, window.failures + failuresOf(packed), window.slow + slowOf(packed));
}

function countInEpoch(cell: Cell, window: CountWindow, now: number, delta: number): void {
  if (cell.full) {
    return;
  }
  const packed = cell.store.incr(cell.counterKey, delta, 0, cell.counterTtlSeconds);
  if (packed === undefined) {
    return;
  }
  observeCount(window, packed);
  const past = window.calls - ROTATE_CALLS;
  if (past >= 0) {
    // One worker sees each of these counts: no two rotate at once.
    if (Math.floor(past / ROTATE_EVERY) * ROTATE_EVERY === past) {
      cell.rotateDue = true;
      cell.settings.rotateDue = true;
    }
    if (window.calls >= COUNT_STOP) {
      cell.full = true;
      cell.rotateDue = true;
      cell.settings.rotateDue = true;
    }
  }
  const counts = windowCounts(window);
  if (counts >= COUNT_LIMIT) {
    judge(cell, now, callsOf(counts), failuresOf(counts), slowOf(counts));
  }
}

/**
 * Counts one outcome in a closed breaker: one operation on the store, and a transition if it trips.
 * @param delta packed counts of the one call
 */
function countOutcome(cell: Cell, now: number, delta: number): void {
  const time = cell.time;
  if (time !== undefined) {
    countInSlot(cell, time, now, delta);
    return;
  }
  const count = cell.count;
  if (count !== undefined) {
    countInEpoch(cell, count, now, delta);
  }
}

export { countOutcome };
