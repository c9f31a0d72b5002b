import type { PeerAddress, RouteToPeer } from "../../../plugins/_kit/decision.ts";
import { request } from "./kong-context.ts";

/** Fields of ngx.ctx: the decision that holds for the request, and how many of its other peers were asked. */
const CHOSEN = "autoscale_peer";
const ASKED = "autoscale_peers_asked";

/** Kong also puts the peer into the Host header that the upstream gets: that one stays as it was. */
function target(peer: PeerAddress): void {
  const host = ngx.var["upstream_host"];
  kong.service.set_target(peer.host, peer.port);
  ngx.var["upstream_host"] = host;
}

/** Before each retry. After the last of the others Kong asks the same peer again. */
function next(): boolean {
  const ctx = request();
  const chosen = ctx[CHOSEN] as RouteToPeer | undefined;
  const asked = (ctx[ASKED] as number | undefined) ?? 0;
  const peer = chosen?.others?.[asked];
  if (peer !== undefined) {
    ctx[ASKED] = asked + 1;
    target(peer);
  }
  return true;
}

/** Sends the request being handled to a peer, in access. The first one that was chosen holds. */
export function routeToPeer(decision: RouteToPeer): void {
  const ctx = request();
  if (ctx[CHOSEN] !== undefined) {
    return;
  }
  ctx[CHOSEN] = decision;
  target(decision);
  if (decision.others !== undefined) {
    kong.service.set_target_retry_callback(next);
  }
}
