/**
 * Who is under way, exactly: a counter in the dict for all workers, and in each worker which requests are in it. See README.md.
 */
import type { LimitCell } from "./limit-cell.ts";
import type { Priority } from "./priority.ts";

/** The limit in which each request of this worker is counted, by its handle. */
export type UnderWay = Record<number, LimitCell | undefined>;

/** The counter has fewer than this worker alone has under way: it was pushed out of the dict. */
type OnLost = (this: void, cell: LimitCell) => void;

/**
 * Takes a place if the priority still has one.
 * @returns whether the request may go on
 */
export function takePlace(
  underWay: UnderWay,
  handle: number,
  cell: LimitCell,
  priority: Priority,
  onLost: OnLost,
): boolean {
  const total = cell.store.incr(cell.totalKey, 1, 0, 0);
  if (total === undefined) {
    // No memory to count in: rather too many than none.
    return true;
  }
  if (total > priority.places) {
    cell.store.incr(cell.totalKey, -1, 0, 0);
    return false;
  }
  hold(underWay, handle, cell, total, onLost);
  return true;
}

/** Counts a request in that is over the limit and goes on all the same. */
export function takeAnyway(underWay: UnderWay, handle: number, cell: LimitCell, onLost: OnLost): void {
  const total = cell.store.incr(cell.totalKey, 1, 0, 0);
  if (total !== undefined) {
    hold(underWay, handle, cell, total, onLost);
  }
}

function hold(underWay: UnderWay, handle: number, cell: LimitCell, total: number, onLost: OnLost): void {
  underWay[handle] = cell;
  cell.count += 1;
  if (total > cell.maxInFlight) {
    cell.maxInFlight = total;
  }
  if (total < cell.count) {
    onLost(cell);
  }
}

/**
 * Gives the request's place back, if it has one: in log, or when it comes to access a second time.
 * @returns where it was counted
 */
export function leavePlace(underWay: UnderWay, handle: number): LimitCell | undefined {
  const cell = underWay[handle];
  if (cell !== undefined) {
    underWay[handle] = undefined;
    cell.count -= 1;
    cell.store.incr(cell.totalKey, -1, 0, 0);
  }
  return cell;
}

/** Requests under way in all workers. */
export function inFlightOf(cell: LimitCell): number {
  const total = cell.store.get(cell.totalKey);
  return typeof total === "number" && total > 0 ? total : 0;
}
