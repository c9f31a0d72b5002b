import type { Balancer } from "../../../plugins/_kit/balancer.ts";
import type { RouteToPeer } from "../../../plugins/_kit/decision.ts";
import { recall, remember } from "./request-memory.ts";

/** Set by the host on a request for which a plugin chose a peer. */
const CHOSEN_PEER = "chosen_peer";

/** The balancer sends the current request to this peer; the first choice holds. */
function choosePeer(peer: RouteToPeer): void {
  if (recall(CHOSEN_PEER) === undefined) {
    remember(CHOSEN_PEER, peer);
  }
}

/** What a plugin chose for the current request; it may be none of the upstream's, but not one that people took out of it. */
function chosenPeer(balancer: Balancer): RouteToPeer | undefined {
  const chosen = recall(CHOSEN_PEER) as RouteToPeer | undefined;
  return chosen !== undefined && balancer.blocks(chosen.host, chosen.port) ? undefined : chosen;
}

export { chosenPeer, choosePeer };
