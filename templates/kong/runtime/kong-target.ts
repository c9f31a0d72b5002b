/** Where Kong sends a request, by its record of the request in hand. */
import { dialedHost } from "../../../nginx/runtime/dialed-host.ts";
import type { PeerAddress } from "../../../plugins/_kit/decision.ts";
import { request } from "./kong-context.ts";

/**
 * Kong's next try goes to this peer. Kong also puts the peer into the Host header that the upstream gets: that one stays as it
 * was, unless Kong makes it of the peer by itself (`preserve_host`).
 */
export function sendTo(peer: PeerAddress): void {
  const host = ngx.var["upstream_host"];
  kong.service.set_target(dialedHost(peer.host), peer.port);
  ngx.var["upstream_host"] = host;
}

/** Kong asks nobody before a retry where the host of the Service is an address: it becomes a name that stands for itself. */
export function letRetriesAsk(callback: (this: void) => boolean): void {
  const { balancer_data } = request();
  if (balancer_data !== undefined) {
    balancer_data.type = "name";
  }
  kong.service.set_target_retry_callback(callback);
}

/** The status that nginx gives of the try before the one that begins now; undefined when Kong knows none. */
export function lastFailure(): number | undefined {
  const { balancer_data } = request();
  const tries = balancer_data?.tries;
  return tries === undefined ? undefined : tries[tries.length - 2]?.code;
}

/** In access. Kong sets the times of its record anew before each try. @param seconds undefined: the Service's own times */
export function limitTries(seconds: number | undefined): void {
  const { balancer_data } = request();
  if (seconds !== undefined && balancer_data !== undefined) {
    const limit = math.max(1, math.floor(seconds * 1000 + 0.5));
    // kong.service.set_timeouts sets a send timeout that Kong does not read.
    balancer_data.connect_timeout = limit;
    balancer_data.send_timeout = limit;
    balancer_data.read_timeout = limit;
  }
}
