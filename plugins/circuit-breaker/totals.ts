import { windowCounts } from "../_core/count-window.ts";
import { callsOf, failuresOf, slowOf } from "../_core/packed-counts.ts";
import type { Cell } from "./cell.ts";

/** What this worker knows of the calls in the window. */
export interface Totals {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

function windowTotals(cell: Cell): Totals {
  const time = cell.time;
  if (time !== undefined) {
    return {
      calls: time.calls + callsOf(time.current),
      failures: time.failures + failuresOf(time.current),
      slow: time.slow + slowOf(time.current),
    };
  }
  const counts = cell.count === undefined ? 0 : windowCounts(cell.count);
  return { calls: callsOf(counts), failures: failuresOf(counts), slow: slowOf(counts) };
}

export { windowTotals };
