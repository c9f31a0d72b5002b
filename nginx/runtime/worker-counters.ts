/**
 * Counters of the runtime itself that grow too often to be written at once: counted in this worker, added to the shared
 * ones each second and when the worker ends. A killed worker loses at most a second.
 */
import type { Store } from "../../plugins/_kit/ports.ts";
import { atExit } from "./worker-exit.ts";
import { timerScope } from "./worker-timer.ts";

const FLUSH_SECONDS = 1;

const counted = new LuaMap<string, number>();

/** Adds to the counter of that name in the shared dict, a little later. */
export function count(key: string, amount: number): void {
  counted.set(key, (counted.get(key) ?? 0) + amount);
}

/** Called once in a worker. `store` is where the counters are kept. */
export function startWorkerCounters(store: Store): void {
  function flush(): void {
    for (const [key, amount] of counted) {
      if (amount !== 0) {
        store.incr(key, amount, 0, 0);
        // The table is not let go: names are few, and setting a field while looking through is allowed.
        counted.set(key, 0);
      }
    }
  }
  timerScope().timer.every(FLUSH_SECONDS, flush);
  atExit(flush);
}
