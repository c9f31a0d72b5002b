/** The upstreams of this worker: one for each name, however many routes lead to it. */
import type { WorkerHost } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import { configText } from "./config-text.ts";
import type { Turns } from "./hash-policy.ts";
import type { Peer } from "./peer.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

/** @noSelf */
export interface Registry {
  /** The upstream `name` as configured; to be given back by `release`. */
  acquire(name: string, config: Config): Upstream;
  release(upstream: Upstream): void;
}

interface Held {
  readonly upstream: Upstream;
  readonly configText: string;
  holders: number;
}

const CATCH_UP_SECONDS = 0.25;
const TICK_SECONDS = 1;
/** Between the steps of work that is spread over turns. */
const TURN_SECONDS = 0.001;

function known(upstream: Upstream | undefined): Readonly<Record<string, Peer | undefined>> {
  const peers: Record<string, Peer | undefined> = {};
  if (upstream !== undefined) {
    for (const peer of upstream.set.peers()) {
      peers[peer.key] = peer;
    }
  }
  return peers;
}

export function createRegistry(worker: WorkerHost): Registry {
  const { tasks, timer } = worker;
  let all: Held[] = [];
  const current: Record<string, Held | undefined> = {};
  let begun = false;

  const turns: Turns = {
    spread: (step) => {
      if (!begun) {
        // The worker takes no requests yet.
        let done = step();
        while (!done) {
          done = step();
        }
        return;
      }
      tasks.start(() => {
        while (!step()) {
          if (!tasks.sleep(TURN_SECONDS)) {
            return;
          }
        }
      });
    },
  };

  timer.every(CATCH_UP_SECONDS, () => {
    begun = true;
    for (const { upstream } of all) {
      upstream.catchUp();
    }
  });
  timer.every(TICK_SECONDS, () => {
    for (const { upstream } of all) {
      upstream.tick();
    }
  });

  return {
    acquire: (name, config) => {
      const text = configText(config);
      const before = current[name];
      if (before !== undefined && before.configText === text) {
        before.holders += 1;
        return before.upstream;
      }
      const upstream = createUpstream(name, config, worker, turns, known(before?.upstream));
      const held = { upstream, configText: text, holders: 1 };
      current[name] = held;
      all.push(held);
      return upstream;
    },
    release: (upstream) => {
      const kept: Held[] = [];
      for (const held of all) {
        if (held.upstream === upstream) {
          held.holders -= 1;
        }
        if (held.holders > 0) {
          kept.push(held);
        } else {
          held.upstream.stop();
          if (current[held.upstream.name] === held) {
            current[held.upstream.name] = undefined;
          }
        }
      }
      all = kept;
    },
  };
}
