import type { DecisionEvent } from "../../plugins/_kit/ports.ts";
import type { Host, Place } from "../../plugins/_kit/handlers.ts";
import { memoryStore, type MemoryStore } from "./memory-store.ts";

/** One gateway node in memory: what its workers share, and a clock that only moves when told to. */
export interface FakeNode {
  /** Seconds since the epoch. */
  now: number;
  /** How loaded every worker is, 0 to 1. */
  pressure: number;
  /** What `random.next` gives: queued values first, then 0.5. */
  readonly randoms: number[];
  readonly store: MemoryStore;
  readonly events: DecisionEvent[];
  readonly problems: string[];
}

export interface FakeWorker {
  readonly host: Host;
  /** Runs every timer task of this worker once. */
  tick(): void;
}

export function fakeNode(now = 1_700_000_000): FakeNode {
  const node: FakeNode = {
    now,
    pressure: 0,
    randoms: [],
    store: memoryStore(() => node.now),
    events: [],
    problems: [],
  };
  return node;
}

const PLACE: Place = { route: "users", upstream: "backend", peers: ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"] };

/** A worker of `node`. All dicts are the node's one store. */
export function fakeWorker(node: FakeNode, options: { shadow?: boolean; place?: Partial<Place> } = {}): FakeWorker {
  const tasks: (() => void)[] = [];
  const note = (message: string): void => {
    node.problems.push(message);
  };
  return {
    host: {
      place: { ...PLACE, ...options.place },
      shadow: options.shadow ?? false,
      clock: { now: () => node.now },
      random: { next: () => node.randoms.shift() ?? 0.5 },
      log: { error: note, warn: note, notice: () => undefined },
      timer: { every: (_seconds, task) => tasks.push(task) },
      events: { emit: (event) => node.events.push(event) },
      pressure: { read: () => node.pressure },
      store: () => node.store,
    },
    tick: () => {
      for (const task of tasks) task();
    },
  };
}
