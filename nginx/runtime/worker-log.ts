import type { Log } from "../../plugins/_kit/ports.ts";

/** error.log, each line marked so that it can be searched for. */
export const workerLog: Log = {
  error: (message) => {
    ngx.log(ngx.ERR, "[autoscale] ", message);
  },
  warn: (message) => {
    ngx.log(ngx.WARN, "[autoscale] ", message);
  },
  notice: (message) => {
    ngx.log(ngx.NOTICE, "[autoscale] ", message);
  },
};
