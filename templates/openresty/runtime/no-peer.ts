/**
 * Requests that the balancer finds no peer for. nginx makes a 500 of an exit there where OpenResty's patch is missing, so the
 * balancer always exits with that, and the location for errors of the route, which costs other requests nothing, answers.
 */
import { refuse } from "../../../nginx/runtime/admin-answers.ts";
import { requestHandle } from "../../../nginx/runtime/request-handle.ts";
import { markAnsweredHere } from "./openresty-context.ts";
import { pack, unpack } from "./request-memory.ts";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";

/** Requests that find no peer are told of at most once in this many seconds for each upstream and worker. */
const LOG_INTERVAL_SECONDS = 10;

/** What requests that were given up are to be answered, by their handles, until that is done; 0: no peer takes requests. */
const statuses = new LuaMap<number, number>();

function leaveFor(status: number): void {
  statuses.set(requestHandle(), status);
  // nginx goes to the location for errors in one call.
  pack();
  ngx.exit(ngx.HTTP_INTERNAL_SERVER_ERROR);
}

/** In the balancer: the request is answered 503, since no peer takes requests. */
export function noPeer(): void {
  leaveFor(0);
}

/** In the balancer: no further try is made, and the request is answered with the `status` of the last one. */
export function giveUp(status: number): void {
  leaveFor(status);
}

const MESSAGE = "the peer that was asked failed, and no more tries are allowed now";

/** The content of the location that a route's 500s are sent to. */
export function noPeerContent(upstream: string): () => void {
  let loggedAt = 0;
  return () => {
    unpack();
    const handle = requestHandle();
    const status = statuses.get(handle);
    statuses.delete(handle);
    if (status === undefined) {
      // Some other error of nginx's own: as it would have been.
      ngx.exit(ngx.HTTP_INTERNAL_SERVER_ERROR);
      return;
    }
    if (status > 0) {
      refuse(status, "E_TRIES", MESSAGE);
      return;
    }
    // No upstream was asked: plugins count it as the gateway's own answer.
    markAnsweredHere();
    const now = ngx.now();
    if (now - loggedAt >= LOG_INTERVAL_SECONDS) {
      loggedAt = now;
      workerLog.error(`upstream "${upstream}": no peer takes requests, so they are answered 503`);
    }
    refuse(503, "E_NO_PEER", "no peer of this route's upstream takes requests");
  };
}
