import type { WorkerHost } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";

/**
 * Claims something for this worker as long as it goes on claiming it.
 * @param seconds after the last claim another worker may have it
 * @returns whether this worker has it now. For a moment two may, when one was stalled for longer than that
 */
export function claimOwner(worker: WorkerHost, store: Store, key: string, seconds: number): boolean {
  const self = worker.holderOf(worker.slot());
  if (self === undefined) {
    return false;
  }
  const owner = store.get(key);
  if (owner === self) {
    return store.expire(key, seconds) || store.add(key, self, seconds);
  }
  // One that lives on after the clock was set back, or whose owner has died, ends by its time to live.
  return owner === undefined && store.add(key, self, seconds);
}

/** Lets another worker have it at once. */
export function releaseOwner(worker: WorkerHost, store: Store, key: string): void {
  const self = worker.holderOf(worker.slot());
  if (self !== undefined && store.get(key) === self) {
    store.remove(key);
  }
}
