/**
 * Who has failures in a row in any worker: a success anywhere must end the row. Whoever begins one says so in a ring in
 * shared memory, and workers look there four times a second. So what others answered within a quarter of a second after the
 * first failure may not end a row; in the worker that fails a success always does.
 */
import type { Store } from "../../_kit/ports.ts";
import type { HealthKeys } from "./health-keys.ts";
import type { PeerRoster } from "./peer-roster.ts";

/** @noSelf */
export interface Suspects {
  /** A row of failures has begun at that peer. */
  tell(key: string): void;
  /** Marks those that others told of. */
  follow(): void;
}

/** Whoever is told of more of them at once than this suspects every peer. */
const RING = 256;
/** Workers look far more often. */
const KEPT_SECONDS = 60;

function place(number: number): number {
  return number - RING * Math.floor(number / RING);
}

export function createSuspects(keys: HealthKeys, store: Store, roster: PeerRoster): Suspects {
  let seen = 0;
  /** Up to where it was read at the look before: the last ones are read twice, for they are counted before they are written. */
  let settled = 0;

  function mark(first: number, last: number): void {
    for (let number = first; number <= last; number++) {
      const key = store.get(keys.suspect(place(number)));
      const peer = typeof key === "string" ? roster.find(key) : undefined;
      if (peer !== undefined) {
        peer.suspect = true;
      }
    }
  }

  return {
    tell: (key) => {
      const number = store.incr(keys.suspects, 1, 0, 0);
      if (number === undefined) {
        // It holds no number: the next one begins it anew.
        store.remove(keys.suspects);
      } else {
        store.set(keys.suspect(place(number)), key, KEPT_SECONDS);
      }
    },
    follow: () => {
      const count = store.get(keys.suspects);
      if (typeof count !== "number" || settled === count) {
        return;
      }
      if (count < seen || count - settled > RING) {
        roster.suspectAll();
        settled = count;
      } else {
        mark(settled + 1, count);
        settled = seen;
      }
      seen = count;
    },
  };
}
