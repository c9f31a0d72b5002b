/** Times of tries after which another one may follow: Kong sets those of its record anew before each try. */
import { request } from "./kong-context.ts";

/** What the last try may take, where others may take less. In milliseconds. */
interface Times {
  readonly connect: number;
  readonly send: number;
  readonly read: number;
}

const FIELD = "autoscale_times";

/** In access. @param seconds undefined: all tries have the Service's own times */
export function limitTries(seconds: number | undefined): void {
  const ctx = request();
  const { balancer_data } = ctx;
  if (seconds === undefined || balancer_data === undefined) {
    return;
  }
  const { connect_timeout: connect, send_timeout: send, read_timeout: read } = balancer_data;
  const times: Times = { connect, send, read };
  ctx[FIELD] = times;
  // kong.service.set_timeouts sets a send timeout that Kong does not read, and cannot be called before a retry.
  const limit = math.max(1, math.floor(seconds * 1000 + 0.5));
  balancer_data.connect_timeout = math.min(connect, limit);
  balancer_data.send_timeout = math.min(send, limit);
  balancer_data.read_timeout = math.min(read, limit);
}

/** Before a retry: the last one has the Service's own times. */
export function restoreTimes(): void {
  const ctx = request();
  const times = ctx[FIELD] as Times | undefined;
  const { balancer_data } = ctx;
  if (times !== undefined && balancer_data !== undefined && balancer_data.try_count > balancer_data.retries) {
    balancer_data.connect_timeout = times.connect;
    balancer_data.send_timeout = times.send;
    balancer_data.read_timeout = times.read;
  }
}
