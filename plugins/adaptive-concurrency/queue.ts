/**
 * The queue of one worker: who waits for a place, the most important first, and within a priority in the order they came.
 *
 * A place that becomes free in this worker is given on at once. One that becomes free elsewhere tells nobody here: so the first
 * in the queue looks for it every few milliseconds. The others sleep until they are given a place, are the first, or have waited
 * too long.
 */
import type { LimitCell } from "./limit-cell.ts";
import { inFlightOf, takePlace, type UnderWay } from "./places.ts";
import type { Priority, Waiter } from "./priority.ts";

/** How often the first one looks. */
const LOOK_SECONDS = 0.015;

type OnLost = (this: void, cell: LimitCell) => void;

function firstOf(cell: LimitCell): Waiter | undefined {
  if (cell.waiting > 0) {
    for (const { firstWaiter } of cell.priorities.ranked) {
      if (firstWaiter !== undefined) {
        return firstWaiter;
      }
    }
  }
  return undefined;
}

function append(cell: LimitCell, handle: number, priority: Priority): Waiter {
  const before = priority.lastWaiter;
  const gate = cell.gates.pop() ?? cell.worker.gate();
  const waiter: Waiter = { handle, priority, gate, state: "waiting", before, after: undefined };
  if (before === undefined) {
    priority.firstWaiter = waiter;
  } else {
    before.after = waiter;
  }
  priority.lastWaiter = waiter;
  cell.waiters[handle] = waiter;
  cell.waiting += 1;
  return waiter;
}

function remove(cell: LimitCell, waiter: Waiter, state: Waiter["state"]): void {
  const { before, after, priority, handle } = waiter;
  if (before === undefined) {
    priority.firstWaiter = after;
  } else {
    before.after = after;
  }
  if (after === undefined) {
    priority.lastWaiter = before;
  } else {
    after.before = before;
  }
  waiter.state = state;
  cell.waiters[handle] = undefined;
  cell.waiting -= 1;
}

/** Gives free places to those who wait. Call it when one may have become free. */
export function admitWaiting(underWay: UnderWay, cell: LimitCell, onLost: OnLost): void {
  let first = firstOf(cell);
  while (
    first !== undefined &&
    inFlightOf(cell) < first.priority.places &&
    takePlace(underWay, first.handle, cell, first.priority, onLost)
  ) {
    remove(cell, first, "granted");
    first.gate.post();
    first = firstOf(cell);
    if (first !== undefined) {
      // It looks for itself from now on.
      first.gate.post();
    }
  }
}

/** Makes room in a full queue by the least important one that came last. */
function displace(cell: LimitCell, priority: Priority): boolean {
  const { ranked } = cell.priorities;
  for (let rank = ranked.length - 1; rank >= 0; rank--) {
    const lower = ranked[rank];
    if (lower === undefined || lower.share >= priority.share) {
      return false;
    }
    const last = lower.lastWaiter;
    if (last !== undefined) {
      remove(cell, last, "displaced");
      last.gate.post();
      return true;
    }
  }
  return false;
}

function stay(underWay: UnderWay, cell: LimitCell, waiter: Waiter, onLost: OnLost): void {
  const { clock } = cell.worker;
  const timeout = cell.config.queue.timeout_seconds;
  const began = clock.now();
  let waited = 0;
  while (waiter.state === "waiting" && waited < timeout) {
    const left = timeout - waited;
    waiter.gate.wait(left > LOOK_SECONDS && firstOf(cell) === waiter ? LOOK_SECONDS : left);
    if (firstOf(cell) === waiter) {
      admitWaiting(underWay, cell, onLost);
    }
    const now = clock.now();
    // A clock that was set back must hold nobody up.
    waited = now < began ? timeout : now - began;
  }
}

/** The request ended while it waited: its client left. Call it in log. */
export function forgetWaiting(cell: LimitCell, handle: number): void {
  const waiter = cell.waiters[handle];
  if (waiter !== undefined) {
    remove(cell, waiter, "over");
    firstOf(cell)?.gate.post();
  }
}

/**
 * Waits for a place. Access only: other requests run meanwhile.
 * @returns false when there was no room to wait, or none came free in time
 */
export function waitForPlace(
  underWay: UnderWay,
  handle: number,
  cell: LimitCell,
  priority: Priority,
  onLost: OnLost,
): boolean {
  if (cell.waiting >= cell.config.queue.depth && !displace(cell, priority)) {
    return false;
  }
  const waiter = append(cell, handle, priority);
  if (firstOf(cell) === waiter) {
    admitWaiting(underWay, cell, onLost);
  }
  stay(underWay, cell, waiter, onLost);
  if (waiter.state === "waiting") {
    remove(cell, waiter, "over");
    firstOf(cell)?.gate.post();
  }
  // Somebody may have posted once more: its next user wakes up once for nothing.
  if (cell.gates.length < cell.config.queue.depth) {
    cell.gates.push(waiter.gate);
  }
  return waiter.state === "granted";
}
