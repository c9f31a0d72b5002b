import type { Handlers, Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import { peerBreakers } from "./peers.ts";
import { singleBreaker } from "./single.ts";

/** One breaker for the route, for its upstream, or for each of the upstream's peers. See README.md. */
function create(config: Config, host: Host): Handlers {
  const place = host.place;
  if (config.scope === "peer") {
    return peerBreakers(config, host);
  }
  return singleBreaker(config, host, config.scope === "route" ? `route:${place.route}` : `upstream:${place.upstream}`);
}

export { create };
