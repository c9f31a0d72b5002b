import { get_last_failure, set_current_peer, set_more_tries } from "ngx.balancer";
import type { WorkerPool } from "../../../nginx/runtime/peer-pool.ts";
import { chosenPeer } from "./chosen-peer.ts";
import { excludeTried } from "./tried-peers.ts";

/**
 * The body of balancer_by_lua: runs before each try at a peer. It must not yield. `exclude` is the composed
 * select_upstream chain of the route. A peer that a plugin chose in access is tried first. `triesAfterFirst` is nginx's number of retries.
 */
export function balance(pool: WorkerPool, exclude: () => void, triesAfterFirst: number): void {
  pool.begin();
  exclude();
  const isRetry = get_last_failure()[0] !== undefined;
  if (isRetry) {
    excludeTried(pool);
  }
  const chosen = isRetry ? undefined : chosenPeer(pool);
  const peer = chosen === undefined ? pool.pick() : chosen;
  if (peer === undefined) {
    // Rare: the access phase has looked. Where nginx lacks OpenResty's patch this becomes a 500.
    ngx.exit(ngx.HTTP_SERVICE_UNAVAILABLE);
    return;
  }
  if (triesAfterFirst > 0 && !isRetry) {
    set_more_tries(triesAfterFirst);
  }
  const [ok, problem] = set_current_peer(peer.host, peer.port);
  if (ok !== true) {
    ngx.log(ngx.ERR, "[autoscale] cannot use peer ", peer.host, ": ", tostring(problem));
    ngx.exit(ngx.HTTP_BAD_GATEWAY);
  }
}
