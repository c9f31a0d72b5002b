/** A peer that a plugin chose in access (`RouteToPeer`). */
import { answeredStatus } from "../../../nginx/runtime/failed-try.ts";
import type { Context } from "../../../plugins/_kit/context.ts";
import type { RouteToPeer } from "../../../plugins/_kit/decision.ts";
import { request } from "./kong-context.ts";
import { lastFailure, letRetriesAsk, sendTo } from "./kong-target.ts";

/** Fields of ngx.ctx: the decision that holds for the request, and the Context of the plugin that made it. */
const CHOSEN = "autoscale_peer";
const CONTEXT = "autoscale_peer_context";

/** What holds for the request in hand. */
export function chosenPeer(): RouteToPeer | undefined {
  return request()[CHOSEN] as RouteToPeer | undefined;
}

/** Before each retry. Without another peer Kong asks the same one again. */
function next(): boolean {
  const ask = chosenPeer()?.next;
  if (ask !== undefined) {
    const [ok, peer] = pcall(ask, request()[CONTEXT] as Context, answeredStatus(lastFailure()));
    if (ok && peer !== undefined) {
      sendTo(peer);
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
  sendTo(decision);
  if (decision.next !== undefined) {
    ctx[CONTEXT] = context;
    letRetriesAsk(next);
  }
}
