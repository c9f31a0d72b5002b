import { fakeNode, fakeWorker, type FakeNode } from "./fake-host.ts";
import type { WorkerHost } from "../../plugins/_kit/handlers.ts";
import type { Random } from "../../plugins/_kit/ports.ts";
import { validate } from "../../plugins/_kit/schema/index.ts";
import type { Config } from "../../plugins/dynamic-upstreams/config.ts";
import { createHealth } from "../../plugins/dynamic-upstreams/health/create-health.ts";
import type { Health } from "../../plugins/dynamic-upstreams/health/health.ts";
import manifest from "../../plugins/dynamic-upstreams/manifest.ts";
import type { Peer, PeerEntry } from "../../plugins/dynamic-upstreams/peer.ts";
import { createPeerSet, type PeerSet } from "../../plugins/dynamic-upstreams/peer-set.ts";

/** `health` of an upstream as a user writes it, with the schema's defaults filled in. */
export function healthConfig(written: object): Config["health"] {
  const result = validate(manifest.config, { targets: [{ host: "10.0.0.1", port: 80 }], health: written });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.health;
}

export interface HealthWorker {
  readonly health: Health;
  readonly set: PeerSet;
  peer(key: string): Peer;
  /** Requests to that peer were answered so; 0: not at all. */
  tried(key: string, ...statuses: readonly number[]): void;
  /** As four times a second. */
  catchUp(): boolean;
  /** As each second; in the keeper too what it does for all. */
  flush(): void;
  sweep(): void;
  /** Begins to probe; what it starts goes to `node.tasks`. */
  probe(running?: () => boolean): void;
  replace(keys: readonly string[]): void;
}

export interface HealthRig {
  readonly node: FakeNode;
  readonly workers: readonly HealthWorker[];
  /** `peer:backend/<key> from > to` of each event so far. */
  told(): string[];
  /** One more worker of the node, as after a reload or a crash. */
  spawn(keys?: readonly string[]): HealthWorker;
  /** Whether the peer takes requests, as all workers see it when they have caught up. */
  usable(key: string): boolean;
  /** A second passes: four times all catch up, then they flush, and the first one sweeps. */
  second(times?: number): void;
}

/** `10.0.0.1:80` and so on. */
export function peerKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `10.0.${String(index >> 8)}.${String(index & 255)}:80`);
}

function entryOf(key: string): PeerEntry {
  const colon = key.lastIndexOf(":");
  return { host: key.slice(0, colon), port: Number(key.slice(colon + 1)), weight: 1, priority: 0 };
}

/** Numerical Recipes' generator: the same numbers in each run, others in each worker. */
function seeded(seed: number): Random {
  let state = seed;
  return {
    next: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}

/** The health of one upstream's peers in several workers of one node. */
export function healthRig(
  written: object,
  options: { workers?: number; peers?: readonly string[]; node?: FakeNode } = {},
): HealthRig {
  const node = options.node ?? fakeNode();
  const config = healthConfig(written);
  const keys = options.peers ?? peerKeys(10);
  const workers: HealthWorker[] = [];

  const spawn = (present = keys): HealthWorker => {
    const random = seeded(node.workers + 1);
    let worker: WorkerHost | undefined;
    fakeWorker(node).host.shared("health", (found) => {
      worker = found;
      return true;
    });
    if (worker === undefined) throw new Error("the fake worker shared nothing");
    const health = createHealth("backend", config, { ...worker, store: node.store, random });
    const judges = { override: () => undefined, isWell: health.allows };
    const set = createPeerSet({ judges, zone: undefined, panicThreshold: 0 }, {});
    const replace = (all: readonly string[]): void => {
      set.replace(all.map(entryOf), node.now, true);
    };
    const peer = (key: string): Peer => {
      const found = set.find(key);
      if (found === undefined) throw new Error(`${key} is not in the set`);
      return found;
    };
    health.catchUp(node.now);
    replace(present);
    health.flush(set.peers(), node.now);
    return {
      health,
      set,
      peer,
      replace,
      tried: (key, ...statuses) => {
        for (const status of statuses) health.tried(peer(key), status, node.now);
      },
      catchUp: () => {
        const changed = health.catchUp(node.now);
        if (changed) set.refresh(node.now);
        return changed;
      },
      flush: () => {
        health.flush(set.peers(), node.now);
      },
      sweep: () => {
        health.sweep(set.peers(), node.now);
      },
      probe: (running = () => true) => {
        health.probe(() => set.peers(), running);
      },
    };
  };
  for (let index = 0; index < (options.workers ?? 1); index++) workers.push(spawn());

  return {
    node,
    workers,
    spawn,
    told: () => node.events.map(({ subject, from, to }) => `${subject} ${from} > ${to}`),
    usable: (key) => {
      const answers = workers.map(({ health, catchUp }) => {
        catchUp();
        return health.allows(key, node.now);
      });
      if (new Set(answers).size > 1) throw new Error(`the workers do not agree on ${key}`);
      return answers[0] === true;
    },
    second: (times = 1) => {
      for (let count = 0; count < times; count++) {
        for (let quarter = 0; quarter < 4; quarter++) {
          node.now += 0.25;
          for (const worker of workers) worker.catchUp();
        }
        for (const worker of workers) worker.flush();
        workers[0]?.sweep();
      }
    },
  };
}
