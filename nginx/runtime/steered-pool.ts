/** A pool whose peers people can take out, in every worker at once. */
import type { Clock, Events, Store, Timer } from "../../plugins/_kit/ports.ts";
import type { PeerEntry } from "./peer-entry.ts";
import { overrideText, type PeerOverride, peerOverrides } from "./peer-override.ts";
import { createPeerPool, type WorkerPool } from "./peer-pool.ts";

const LOOK_SECONDS = 1;

/** What steering needs of the worker. */
export interface SteeringPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly events: Events;
}

/** @noSelf */
export interface SteeredPool {
  readonly pool: WorkerPool;
  /** Takes over what other workers set; happens by itself once a second. */
  catchUp(): void;
  /** Sets a peer of the set, or gives it back; false when there was no memory for it. Other workers follow within a second. */
  steer(key: string, override: PeerOverride | undefined): boolean;
}

/** The subject of decisions about a peer. */
export function peerSubject(upstream: string, key: string): string {
  return `peer:${upstream}/${key}`;
}

export function steeredPool(upstream: string, entries: readonly PeerEntry[], ports: SteeringPorts): SteeredPool {
  const { store, clock, timer, events } = ports;
  const overrides = peerOverrides(store, upstream);
  const pool = createPeerPool(entries, (key) => overrides.read(key, clock.now()));
  let generation = overrides.generation();

  function tellExpired(key: string, before: PeerOverride, now: number): void {
    if (before.until <= now && overrides.claimExpiry(key, before.until)) {
      const subject = peerSubject(upstream, key);
      const reason = "the time of the override was up";
      events.emit({ plugin: "admin", subject, from: overrideText(before), to: "up", reason, inputs: {} });
    }
  }

  /** True when an override that this worker goes by is there no more. Reading it also keeps it from being evicted. */
  function anyGone(now: number): boolean {
    let gone = false;
    for (const { key, override } of pool.shown()) {
      if (override !== undefined && overrides.read(key, now) === undefined) {
        gone = true;
        tellExpired(key, override, now);
      }
    }
    return gone;
  }

  function catchUp(): void {
    const latest = overrides.generation();
    const gone = anyGone(clock.now());
    if (gone || latest !== generation) {
      generation = latest;
      pool.refresh();
    }
  }

  timer.every(LOOK_SECONDS, catchUp);
  return {
    pool,
    catchUp,
    steer: (key, override) => {
      let done = true;
      if (override === undefined) {
        overrides.clear(key);
      } else {
        done = overrides.write(key, override, clock.now());
      }
      pool.refresh();
      return done;
    },
  };
}
