import type { Context } from "../../../plugins/_kit/context.ts";
import type { PeerAddress, RouteToPeer } from "../../../plugins/_kit/decision.ts";
import { request } from "./kong-context.ts";

/** Fields of ngx.ctx: the decision that holds for the request, and the Context of the plugin that made it. */
const CHOSEN = "autoscale_peer";
const CONTEXT = "autoscale_peer_context";

/** Kong also puts the peer into the Host header that the upstream gets: that one stays as it was. */
function target(peer: PeerAddress): void {
  const host = ngx.var["upstream_host"];
  kong.service.set_target(peer.host, peer.port);
  ngx.var["upstream_host"] = host;
}

/** Before each retry: Kong retries what got no answer, and nothing else. Without another peer it asks the same one again. */
function next(): boolean {
  const ctx = request();
  const chosen = ctx[CHOSEN] as RouteToPeer | undefined;
  const ask = chosen?.next;
  if (ask !== undefined) {
    const [ok, peer] = pcall(ask, ctx[CONTEXT] as Context, 0);
    if (ok && peer !== undefined) {
      target(peer);
    }
  }
  return true;
}

/** Sends the request being handled to a peer, in access. The first one that was chosen holds. */
export function routeToPeer(decision: RouteToPeer, context: Context): void {
  const ctx = request();
  if (ctx[CHOSEN] !== undefined) {
    return;
  }
  ctx[CHOSEN] = decision;
  target(decision);
  if (decision.next !== undefined) {
    ctx[CONTEXT] = context;
    kong.service.set_target_retry_callback(next);
  }
}
