import type { WorkerHost } from "../_kit/handlers.ts";
import type { Events, Store } from "../_kit/ports.ts";

/** What one worker has counted of a policy and not yet added to all workers' counts. */
export interface Tally {
  /** `<route>/<policy>` */
  readonly id: string;
  readonly shadow: boolean;
  /** The limit as configured, for who reads the decision. */
  readonly limit: number;
  readonly windowSeconds: number;
  admitted: number;
  /** In shadow mode: what would have been refused. */
  refused: number;
  /** The policy refuses, as far as this worker knows: it looks whether that is over. */
  refusing: boolean;
}

/** A policy that has refused nothing for so long has stopped refusing. */
const CALM_SECONDS = 10;

export type Result = "admitted" | "refused" | "would_refuse";

function totalKey(id: string, result: Result): string {
  return `rl:${id}:${result}`;
}

function refusingKey(id: string): string {
  return `rl:${id}:refusing`;
}

/** All workers' count, of the last second without what they have not yet added. */
export function totalOf(store: Store, id: string, result: Result): number {
  const total = store.get(totalKey(id, result));
  return typeof total === "number" ? total : 0;
}

function tell(events: Events, tally: Tally, begins: boolean, refused: number): void {
  const refuses = tally.shadow ? "would refuse" : "refusing";
  events.emit({
    plugin: "adaptive-rate-limit",
    subject: `limit:${tally.id}`,
    from: begins ? "admitting" : refuses,
    to: begins ? refuses : "admitting",
    reason: begins ? "requests exceed the limit" : "no request has exceeded the limit for 10 seconds",
    inputs: begins ? { refused, limit: tally.limit, window_seconds: tally.windowSeconds } : {},
  });
}

/** One worker of all tells that a policy begins to refuse, and one that it has stopped: `add` elects each. */
function follow(store: Store, events: Events, tally: Tally, refused: number): void {
  const key = refusingKey(tally.id);
  const stopped = `${key}:over`;
  if (refused > 0) {
    tally.refusing = true;
    if (store.add(key, true, CALM_SECONDS)) {
      store.remove(stopped);
      tell(events, tally, true, refused);
    } else {
      store.expire(key, CALM_SECONDS);
    }
  } else if (tally.refusing && store.get(key) === undefined) {
    tally.refusing = false;
    if (store.add(stopped, true, CALM_SECONDS)) {
      tell(events, tally, false, 0);
    }
  }
}

function flush(store: Store, events: Events, tally: Tally): void {
  const { admitted, refused } = tally;
  tally.admitted = 0;
  tally.refused = 0;
  if (admitted > 0) {
    store.incr(totalKey(tally.id, "admitted"), admitted, 0, 0);
  }
  if (refused > 0) {
    store.incr(totalKey(tally.id, tally.shadow ? "would_refuse" : "refused"), refused, 0, 0);
  }
  follow(store, events, tally, refused);
}

/**
 * The tallies of all instances in a worker. They are counted without the store, and added to it each second and when the worker
 * ends.
 * @noSelf
 */
export interface Tallies {
  open(id: string, shadow: boolean, limit: number, windowSeconds: number): Tally;
  /** Adds what is left of it; later requests of the instance are not counted. */
  close(tally: Tally): void;
}

export function createTallies(worker: WorkerHost): Tallies {
  const store = worker.store("autoscale");
  let open: Tally[] = [];

  function flushAll(this: void): void {
    for (const tally of open) {
      flush(store, worker.events, tally);
    }
  }

  worker.timer.every(1, flushAll);
  worker.atExit(flushAll);
  return {
    open: (id, shadow, limit, windowSeconds) => {
      // What an earlier worker began to refuse, this one may see end.
      const refusing = store.get(refusingKey(id)) !== undefined;
      const tally = { id, shadow, limit, windowSeconds, admitted: 0, refused: 0, refusing };
      open.push(tally);
      return tally;
    },
    close: (tally) => {
      flush(store, worker.events, tally);
      const others: Tally[] = [];
      for (const one of open) {
        if (one !== tally) {
          others.push(one);
        }
      }
      open = others;
    },
  };
}
