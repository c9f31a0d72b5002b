/** Which peers there are, as this worker was last told: each second. */
import type { Peer } from "../peer.ts";

/** @noSelf */
export interface PeerRoster {
  /** @param peers the whole set */
  adopt(peers: readonly Peer[]): void;
  peers(): readonly Peer[];
  find(key: string): Peer | undefined;
  /** For all that is known any peer may have failures in a row: a success must end them. */
  suspectAll(): void;
}

export function peerRoster(): PeerRoster {
  let list: readonly Peer[] = [];
  let byKey: Record<string, Peer | undefined> = {};
  let known = 0;

  function suspectAll(): void {
    for (const peer of list) {
      peer.suspect = true;
    }
  }

  return {
    adopt: (peers) => {
      list = peers;
      for (const peer of peers) {
        const before = byKey[peer.key];
        if (before !== peer) {
          known += before === undefined ? 1 : 0;
          byKey[peer.key] = peer;
          // What was told of it before it was known here was not heard.
          peer.suspect = true;
        }
      }
      if (known > peers.length) {
        byKey = {};
        for (const peer of peers) {
          byKey[peer.key] = peer;
        }
        known = peers.length;
      }
    },
    peers: () => list,
    find: (key) => byKey[key],
    suspectAll,
  };
}
