/** The balancer phase: which peer a try goes to. */
import { get_last_failure, set_current_peer, set_more_tries, set_timeouts } from "ngx.balancer";
import { dialedHost } from "../../../nginx/runtime/dialed-host.ts";
import { answeredStatus } from "../../../nginx/runtime/failed-try.ts";
import type { Balancer } from "../../../plugins/_kit/balancer.ts";
import type { PeerAddress } from "../../../plugins/_kit/decision.ts";
import { chosenPeer } from "./chosen-peer.ts";
import { openrestyContext as context } from "./openresty-context.ts";
import { giveUp, noPeer } from "./no-peer.ts";

function firstPeer(balancer: Balancer): PeerAddress | undefined {
  const chosen = chosenPeer(balancer);
  if (chosen !== undefined) {
    balancer.chosen(context, chosen);
    return chosen;
  }
  const peer = balancer.first(context);
  return peer;
}

/** The request may be tried again: what is set at its first try holds for all of them. */
function allowMore(balancer: Balancer, tries: number): void {
  set_more_tries(tries);
  const seconds = balancer.tryTimeoutSeconds(context);
  if (seconds !== undefined) {
    set_timeouts(seconds, seconds, seconds);
  }
}

function connectTo(peer: PeerAddress): void {
  const [ok, problem] = set_current_peer(dialedHost(peer.host), peer.port);
  if (ok !== true) {
    ngx.log(ngx.ERR, "[autoscale] cannot use peer ", peer.host, ": ", tostring(problem));
    giveUp(ngx.HTTP_BAD_GATEWAY);
  }
}

/**
 * The body of balancer_by_lua: runs before each try at a peer. It must not yield. `exclude` is the composed select_upstream
 * chain of the route. A peer that a plugin chose in access is tried first.
 */
export function balance(balancer: Balancer, exclude: () => void): void {
  balancer.begin();
  exclude();
  const [failure, status] = get_last_failure();
  if (failure === undefined) {
    const peer = firstPeer(balancer);
    if (peer === undefined) {
      noPeer();
      return;
    }
    const more = balancer.moreTries(context);
    if (more > 0) {
      allowMore(balancer, more);
    }
    connectTo(peer);
    return;
  }
  const peer = balancer.next(context, answeredStatus(status));
  if (peer === undefined) {
    giveUp(status ?? ngx.HTTP_BAD_GATEWAY);
    return;
  }
  connectTo(peer);
}
