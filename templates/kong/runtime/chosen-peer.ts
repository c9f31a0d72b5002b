/** A peer that a plugin chose in access (`RouteToPeer`). */
import type { RouteToPeer } from "../../../plugins/_kit/decision.ts";
import { request } from "./kong-context.ts";
import { sendTo } from "./kong-target.ts";

/** A field of ngx.ctx. */
const CHOSEN = "autoscale_peer";

/** What was chosen for the request in hand. */
export function chosenPeer(): RouteToPeer | undefined {
  return request()[CHOSEN] as RouteToPeer | undefined;
}

/** Sends the request in hand to a peer, in access. The first one that was chosen holds. */
export function routeToPeer(decision: RouteToPeer): void {
  const ctx = request();
  if (ctx[CHOSEN] === undefined) {
    ctx[CHOSEN] = decision;
    sendTo(decision);
  }
}
