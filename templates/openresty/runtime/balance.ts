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

/** What `dialedHost` makes of peers, by their objects, which go and take it with them. */
const dialed = setmetatable(new LuaMap<PeerAddress, string>(), { __mode: "k" });

function connectTo(peer: PeerAddress): void {
  let host = dialed.get(peer);
  if (host === undefined) {
    host = dialedHost(peer.host);
    dialed.set(peer, host);
  }
  const [ok, problem] = set_current_peer(host, peer.port);
  if (ok !== true) {
    ngx.log(ngx.ERR, "[autoscale] cannot use peer ", peer.host, ": ", tostring(problem));
    giveUp(ngx.HTTP_BAD_GATEWAY);
  }
}

/**
 * The body of balancer_by_lua: runs before each try at a peer. It must not yield. A peer that a plugin chose in access is tried
 * first.
 * @param exclude the composed select_upstream chain of the route; absent: nobody has a say
 */
export function balancing(balancer: Balancer, exclude: (() => void) | undefined): () => void {
  // Locals of the function around it are what LuaJIT takes for constants.
  const { begin, moreTries, next } = balancer;

  function first(): void {
    const peer = firstPeer(balancer);
    if (peer === undefined) {
      noPeer();
      return;
    }
    const more = moreTries(context);
    if (more > 0) {
      allowMore(balancer, more);
    }
    connectTo(peer);
  }

  return () => {
    begin();
    if (exclude !== undefined) {
      exclude();
    }
    const [failure, status] = get_last_failure();
    if (failure === undefined) {
      first();
      return;
    }
    const peer = next(context, answeredStatus(status));
    if (peer === undefined) {
      giveUp(status ?? ngx.HTTP_BAD_GATEWAY);
      return;
    }
    connectTo(peer);
  };
}
