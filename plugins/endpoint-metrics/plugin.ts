import type { Handlers, Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import { counting } from "./counting.ts";
import { sharedOf } from "./shared.ts";

/** Counts what the requests of one route do. See README.md. */
function create(config: Config, host: Host): Handlers {
  const shared = sharedOf(host);
  const { access, log } = counting(config, host, shared);
  return { access, log, admin: shared.upkeep.place(config, host), exposition: shared.exposition };
}

export { create };
