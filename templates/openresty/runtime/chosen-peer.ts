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

/** What a plugin chose for the current request. */
function chosenPeer(): RouteToPeer | undefined {
  return recall(CHOSEN_PEER) as RouteToPeer | undefined;
}

export { chosenPeer, choosePeer };
