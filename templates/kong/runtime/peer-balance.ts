/**
 * Kong with a balancer of ours (`Handlers.balancer`): Kong has no phase for it, so the first peer is picked at the end of the
 * plugin's access, and Kong asks for those of retries by its callback, in the balancer phase, where nothing may yield.
 */
import { answeredStatus } from "../../../nginx/runtime/failed-try.ts";
import { NO_PEER } from "../../../nginx/runtime/no-peer-answer.ts";
import type { Balancer } from "../../../plugins/_kit/balancer.ts";
import type { Context } from "../../../plugins/_kit/context.ts";
import type { PeerAddress } from "../../../plugins/_kit/decision.ts";
import type { Bound } from "./bound.ts";
import { chosenPeer } from "./chosen-peer.ts";
import { request } from "./kong-context.ts";
import { lastFailure, letRetriesAsk, limitTries, sendTo } from "./kong-target.ts";
import { perform } from "./perform.ts";
import { select } from "./selectors.ts";

/** Who picks for the request: a field of ngx.ctx. */
const PICKING = "autoscale_picking";

/** The peer of the first try: what a plugin chose, else what the balancer picks; undefined when there is none. */
function firstPeer(balancer: Balancer, context: Context): PeerAddress | undefined {
  const chosen = chosenPeer();
  if (chosen !== undefined && !balancer.blocks(chosen.host, chosen.port)) {
    balancer.chosen(context, chosen);
    return chosen;
  }
  const peer = balancer.first(context);
  return peer;
}

function nextPeer(this: void, { handlers, context }: Bound, failure: number | undefined): PeerAddress | undefined {
  const balancer = handlers.balancer as Balancer;
  balancer.begin();
  select(balancer);
  const peer = balancer.next(context, answeredStatus(failure));
  return peer;
}

/** Before each retry. */
function retry(): boolean {
  const picking = request()[PICKING] as Bound;
  const failure = lastFailure();
  const [ok, peer] = pcall(nextPeer, picking, failure);
  if (!ok) {
    picking.fault("select_upstream", peer);
  } else if (peer !== undefined) {
    sendTo(peer);
  } else {
    // Kong would make a 503 of a callback that has no peer, and log an error; it does not come to connect.
    ngx.exit(failure ?? ngx.HTTP_BAD_GATEWAY);
  }
  return true;
}

/** Sends the request in hand to a peer, in access. Does not return where there is none. */
export function balance(balancer: Balancer, picking: Bound): void {
  const ctx = request();
  // The peers of another upstream are Kong's to pick.
  if (ctx.autoscale_routed_to !== undefined) {
    return;
  }
  const { context } = picking;
  balancer.begin();
  select(balancer);
  const peer = firstPeer(balancer, context);
  if (peer === undefined) {
    perform(NO_PEER);
    return;
  }
  sendTo(peer);
  const more = balancer.moreTries(context);
  kong.service.set_retries(more);
  if (more > 0) {
    ctx[PICKING] = picking;
    letRetriesAsk(retry);
    limitTries(balancer.tryTimeoutSeconds(context));
  }
}
