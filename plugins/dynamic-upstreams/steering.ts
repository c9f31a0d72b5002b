/** Peers that people took out, or gave another weight, in every worker at once. */
import type { PeerOverride } from "../_kit/balancer.ts";
import type { Events, Store } from "../_kit/ports.ts";
import { createOverrides, overrideText } from "./overrides.ts";
import type { PeerSet } from "./peer-set.ts";

/** @noSelf */
export interface Steering {
  /** What people set a peer to. */
  override(key: string, nowSeconds: number): PeerOverride | undefined;
  /** Takes over what other workers set. @returns true when something changed */
  catchUp(set: PeerSet, nowSeconds: number): boolean;
  /** Sets a peer, or gives it back; false when there was no memory for it. */
  steer(key: string, override: PeerOverride | undefined, nowSeconds: number): boolean;
}

/** The subject of decisions about a peer. */
export function peerSubject(upstream: string, key: string): string {
  return `peer:${upstream}/${key}`;
}

export function createSteering(upstream: string, store: Store, events: Events): Steering {
  const overrides = createOverrides(store, upstream);
  let generation = overrides.generation();
  /** Those this worker goes by. */
  let known: Record<string, PeerOverride | undefined> = {};

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
    for (const key in known) {
      const before = known[key];
      if (before !== undefined && overrides.read(key, now) === undefined) {
        gone = true;
        tellExpired(key, before, now);
      }
    }
    return gone;
  }

  return {
    override: (key, now) => {
      // Nobody ever set one: thousands of peers need not be looked for.
      const found = generation === 0 ? undefined : overrides.read(key, now);
      if (found !== known[key]) {
        known[key] = found;
      }
      return found;
    },
    catchUp: (set, now) => {
      const latest = overrides.generation();
      const gone = anyGone(now);
      if (!gone && latest === generation) {
        return false;
      }
      generation = latest;
      // Those of peers that are in the set no more are let go.
      const kept: Record<string, PeerOverride | undefined> = {};
      for (const peer of set.peers()) {
        kept[peer.key] = known[peer.key];
      }
      known = kept;
      return true;
    },
    steer: (key, override, now) => {
      let done = true;
      if (override === undefined) {
        overrides.clear(key);
      } else {
        done = overrides.write(key, override, now);
      }
      generation = overrides.generation();
      return done;
    },
  };
}
