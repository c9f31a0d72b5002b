import type { Handlers, Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import { emitHealth } from "./health/health-metrics.ts";
import { createRegistry } from "./registry.ts";
import { requestEnd } from "./request-end.ts";
import { emitUpstream, shownUpstream } from "./shown.ts";
import { DICT } from "./upstream.ts";
import { wholeBalancer } from "./whole-balancer.ts";

/** Finds, watches and picks the peers of the place's upstream. See README.md. */
function create(config: Config, host: Host): Handlers {
  const name = host.place.upstream;
  const registry = host.shared("upstreams", createRegistry);
  const upstream = registry.acquire(name, config);
  const store = host.store(DICT);
  const handlers: Handlers = {
    log: requestEnd(upstream, host.shadow),
    admin: [{ collection: "upstreams", id: name, get: () => shownUpstream(upstream, host.clock.now()) }],
    metrics: (emit) => {
      emitUpstream(upstream, host.clock.now(), emit);
      emitHealth(name, config.health, store, emit);
    },
    end: () => {
      registry.release(upstream);
    },
  };
  if (!host.shadow) {
    handlers.balancer = wholeBalancer(upstream, host.clock);
  }
  return handlers;
}

export { create };
