/** Hosts without a balancer phase of ours (Kong, APISIX): the peer is chosen in access, and asked for again before each retry. */
import type { Context } from "../_kit/context.ts";
import type { Decision, PeerAddress, Reject } from "../_kit/decision.ts";
import type { Upstream } from "./upstream.ts";

const NO_PEER: Reject = {
  kind: "reject",
  status: 503,
  headers: { "Content-Type": "application/json" },
  body: '{"error":"E_NO_PEER","message":"no peer of this route\'s upstream takes requests"}\n',
};

/** @noSelf */
export interface PeerDecisions {
  access(context: Context): Decision | undefined;
  log(context: Context): void;
}

/** In shadow mode the host's own balancer chooses, and what its tries came to is counted. */
function watching({ requests }: Upstream): PeerDecisions {
  return {
    access: () => undefined,
    log: (context) => {
      if (context.proxied()) {
        requests.observeTries(context);
      }
    },
  };
}

export function peerDecisions(upstream: Upstream, shadow: boolean): PeerDecisions {
  if (shadow) {
    return watching(upstream);
  }
  const { requests } = upstream;

  const next = (context: Context, status: number): PeerAddress | undefined => {
    requests.begin();
    const peer = requests.next(context, status);
    return peer;
  };

  return {
    access: (context) => {
      requests.begin();
      const peer = requests.firstPeer(context);
      if (peer === undefined) {
        return NO_PEER;
      }
      peer.decision ??= { kind: "peer", host: peer.entry.host, port: peer.entry.port, next };
      return peer.decision;
    },
    log: (context) => {
      if (context.proxied()) {
        requests.finish(context);
      } else {
        // Another plugin answered after this one had chosen.
        requests.abandon(context);
      }
    },
  };
}
