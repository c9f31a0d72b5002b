import type { Handlers, Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";

/** Counts what the requests of one route do. See README.md. */
function create(_config: Config, _host: Host): Handlers {
  return {};
}

export { create };
