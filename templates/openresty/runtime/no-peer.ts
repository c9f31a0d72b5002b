import { workerLog } from "../../../nginx/runtime/worker-log.ts";

/** Requests that find no peer are told of at most once in this many seconds. */
const LOG_INTERVAL_SECONDS = 10;

let loggedAt = 0;

/** All peers of the request's upstream were taken out, or it has none: the request in hand is answered 503. */
export function noPeerLeft(): void {
  const now = ngx.now();
  if (now - loggedAt >= LOG_INTERVAL_SECONDS) {
    loggedAt = now;
    workerLog.error(`no peer of upstream block ${ngx.var.proxy_host ?? "?"} takes requests: all are drained or down`);
  }
}
