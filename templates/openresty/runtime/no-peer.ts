/** An upstream none of whose peers takes requests: said before anything is tried. */
import { refuse } from "../../../nginx/runtime/admin-answers.ts";
import type { WorkerPool } from "../../../nginx/runtime/peer-pool.ts";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";
import { chosenPeer } from "./chosen-peer.ts";

/** Requests that find no peer are told of at most once in this many seconds for each upstream and worker. */
const LOG_INTERVAL_SECONDS = 10;

/**
 * The access phase of a route whose peers are picked in Lua: what its plugins do, then a look whether there is a peer at
 * all. The balancer itself cannot answer: nginx makes a 500 of whatever it says, where OpenResty's patch is missing.
 */
export function withPeers(pool: WorkerPool, upstream: string, access: () => void): () => void {
  let loggedAt = 0;
  return () => {
    access();
    // A peer that a plugin chose may be none of the set.
    if (pool.count() === 0 && chosenPeer(pool) === undefined) {
      const now = ngx.now();
      if (now - loggedAt >= LOG_INTERVAL_SECONDS) {
        loggedAt = now;
        workerLog.error(`upstream "${upstream}": no peer takes requests, so they are answered 503`);
      }
      refuse(503, "E_NO_PEER", "no peer of this route's upstream takes requests");
    }
  };
}
