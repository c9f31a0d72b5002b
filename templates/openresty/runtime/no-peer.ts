/**
 * Requests that the balancer finds no peer for. nginx makes a 500 of an exit there where OpenResty's patch is missing, so the
 * balancer always exits with that, and the location for errors of the route, which costs other requests nothing, answers.
 */
import { refuse } from "../../../nginx/runtime/admin-answers.ts";
import { requestHandle } from "../../../nginx/runtime/request-handle.ts";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";

/** Requests that find no peer are told of at most once in this many seconds for each upstream and worker. */
const LOG_INTERVAL_SECONDS = 10;

/** What requests that were given up are to be answered, by their handles, until that is done. */
const statuses = new LuaMap<number, number>();

/** In the balancer: ends the request with `status`. */
export function giveUp(status: number): void {
  statuses.set(requestHandle(), status);
  ngx.exit(ngx.HTTP_INTERNAL_SERVER_ERROR);
}

const MESSAGES: Readonly<Record<number, string | undefined>> = {
  502: "the peer gave no answer, and no more tries are allowed now",
  504: "the peer gave no answer in time, and no more tries are allowed now",
};

/** The content of the location that a route's 500s are sent to. */
export function noPeerContent(upstream: string): () => void {
  let loggedAt = 0;
  return () => {
    const handle = requestHandle();
    const status = statuses.get(handle);
    statuses.delete(handle);
    if (status === undefined) {
      // Some other error of nginx's own: as it would have been.
      ngx.exit(ngx.HTTP_INTERNAL_SERVER_ERROR);
      return;
    }
    if (status !== 503) {
      refuse(status, "E_TRIES", MESSAGES[status] ?? "the peer failed, and no more tries are allowed now");
      return;
    }
    const now = ngx.now();
    if (now - loggedAt >= LOG_INTERVAL_SECONDS) {
      loggedAt = now;
      workerLog.error(`upstream "${upstream}": no peer takes requests, so they are answered 503`);
    }
    refuse(503, "E_NO_PEER", "no peer of this route's upstream takes requests");
  };
}
