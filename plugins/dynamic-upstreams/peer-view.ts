import type { PeerPool } from "../_kit/context.ts";
import type { PeerSet } from "./peer-set.ts";
import type { Selection } from "./selection.ts";

/** The set as other plugins see it: by numbers, to exclude some from the try that begins. */
export function peerView(set: PeerSet, selection: Selection): PeerPool {
  return {
    count: () => set.peers().length,
    key: (index) => set.peers()[index]?.key ?? "",
    find: (key) => set.find(key)?.index ?? -1,
    exclude: (index) => {
      const peer = set.peers()[index];
      if (peer !== undefined) {
        selection.exclude(peer);
      }
    },
    only: (index) => {
      const peer = set.peers()[index];
      if (peer !== undefined) {
        selection.only(peer);
      }
    },
  };
}
