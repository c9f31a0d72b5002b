import type { Balancer } from "../_kit/balancer.ts";
import type { Clock } from "../_kit/ports.ts";
import { shownPeer } from "./shown.ts";
import type { Upstream } from "./upstream.ts";

/** What a host with a balancer phase gets: picking for requests, and what people do to peers. */
export function wholeBalancer(upstream: Upstream, clock: Clock): Balancer {
  const { requests, set, steering } = upstream;
  return {
    begin: requests.begin,
    first: requests.first,
    chosen: requests.chosen,
    moreTries: requests.moreTries,
    next: requests.next,
    tryTimeoutSeconds: requests.tryTimeoutSeconds,
    finish: requests.finish,
    blocks: requests.blocks,
    taking: requests.taking,
    count: requests.count,
    key: requests.key,
    find: requests.find,
    exclude: requests.exclude,
    only: requests.only,
    shown: () => {
      upstream.catchUp();
      const now = clock.now();
      const shown = [];
      for (const peer of set.peers()) {
        shown.push(shownPeer(upstream, peer, now));
      }
      return shown;
    },
    show: (key) => {
      upstream.catchUp();
      const peer = set.find(key);
      return peer === undefined ? undefined : shownPeer(upstream, peer, clock.now());
    },
    steer: (key, override) => {
      const done = steering.steer(key, override, clock.now());
      upstream.refresh();
      return done;
    },
  };
}
