import type { LimitSettings } from "../_core/concurrency/limit-state.ts";
import { integerText } from "../_core/text.ts";
import type { WorkerHost } from "../_kit/handlers.ts";
import type { Gate, Store } from "../_kit/ports.ts";
import type { Config } from "./config.ts";
import { newPriorities, samePriorities, sharePlaces, type Priorities, type Waiter } from "./priority.ts";

/** One limit as this worker knows it: a route's, or an upstream's that several routes share. */
export interface LimitCell {
  /** e.g. `route:users` */
  readonly id: string;
  /** Of its keys: `cc:<id>:`. */
  readonly prefix: string;
  readonly worker: WorkerHost;
  readonly store: Store;
  config: Config;
  settings: LimitSettings;
  /** So many instances use it. */
  holders: number;
  /** In force, in whole requests. */
  limit: number;
  others: number;
  priorities: Priorities;
  /** The published state as it was last read. */
  stateText: string | undefined;
  /** When the owner last looked at it, or the others. */
  tickedAtSeconds: number;

  /** Where all workers count what is under way; another key after a worker died. */
  totalKey: string;
  /** Under way in this worker. */
  count: number;

  /** Since the last flush: latencies that were read, … */
  seconds: number;
  samples: number;
  drops: number;
  /** … the most requests under way in all workers, and how many found no place at first, and how many none at all. */
  maxInFlight: number;
  turnedBack: number;
  shed: number;
  /** Mean latency of the last flush that had some. */
  meanSeconds: number;
  /** So many requests are let go by before the next latency is read, … */
  skip: number;
  /** … of each so many. */
  stride: number;

  /** Requests of this worker that wait for a place. */
  waiting: number;
  readonly waiters: Record<number, Waiter | undefined>;
  /** Gates that nobody uses at present. */
  readonly gates: Gate[];
}

export function totalKeyOf(prefix: string, generation: number): string {
  return `${prefix}${integerText(generation)}:total`;
}

export function settingsOf({ algorithm, limit, latency_seconds }: Config): LimitSettings {
  const { initial, min, max } = limit;
  return latency_seconds === undefined
    ? { algorithm, initial, min, max }
    : { algorithm, initial, min, max, latencySeconds: latency_seconds };
}

/** @param generation the present one */
export function newLimitCell(worker: WorkerHost, id: string, config: Config, generation: number): LimitCell {
  const prefix = `cc:${id}:`;
  const { initial } = config.limit;
  const priorities = newPriorities(config.priorities);
  sharePlaces(priorities, initial, initial);
  return {
    id,
    prefix,
    worker,
    store: worker.store("autoscale"),
    config,
    settings: settingsOf(config),
    holders: 0,
    limit: initial,
    others: initial,
    priorities,
    stateText: undefined,
    tickedAtSeconds: 0,
    totalKey: totalKeyOf(prefix, generation),
    count: 0,
    seconds: 0,
    samples: 0,
    drops: 0,
    maxInFlight: 0,
    turnedBack: 0,
    shed: 0,
    meanSeconds: 0,
    skip: 0,
    stride: 1,
    waiting: 0,
    waiters: {},
    gates: [],
  };
}

/**
 * Puts another configuration in force. Who waits goes on waiting, unless the priorities are other ones: then nobody gives it a
 * place any more, and it waits for its time.
 */
export function configure(cell: LimitCell, config: Config): void {
  if (!samePriorities(cell.config.priorities, config.priorities)) {
    cell.priorities = newPriorities(config.priorities);
  }
  cell.config = config;
  cell.settings = settingsOf(config);
  cell.stateText = undefined;
  sharePlaces(cell.priorities, cell.limit, cell.others);
}
