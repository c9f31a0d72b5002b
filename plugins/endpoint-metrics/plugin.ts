import type { Context } from "../_kit/context.ts";
import type { Handlers, Host } from "../_kit/handlers.ts";
import { seriesBytes } from "./capacity.ts";
import type { Config } from "./config.ts";
import { counting } from "./counting.ts";
import { labelReader, sortedNames } from "./labels.ts";
import { pushOf } from "./push.ts";
import { sharedOf } from "./shared.ts";
import { tokenReader } from "./tokens.ts";

/** Counts what the requests of one route do. See README.md. */
function create(config: Config, host: Host): Handlers {
  const shared = sharedOf(host);
  const names = sortedNames(config.labels);
  let extraBytes = 0;
  for (const name of names) {
    // Every byte of a value may be escaped.
    extraBytes += name.length + 2 * config.label_values.max_length + 4;
  }
  const push = pushOf(config, host, shared);
  const reader = labelReader(config, host);
  const counted = counting(config, host, shared, reader, names);
  const { access, log } = counted;
  shared.makeRoom(config.max_series, seriesBytes(config.buckets.length, extraBytes));
  const watched = shared.upkeep.place(config, host);
  const end = (): void => {
    counted.end();
    watched.end();
    push?.end();
  };
  const handlers: Handlers = { access, log, admin: watched.resources, exposition: shared.exposition, end };
  if (config.tokens === "off") {
    return handlers;
  }
  const sink = shared.tallies.sink(host.place.route, config.idle_seconds);
  const tokens = tokenReader(config, host, push === undefined ? sink : push.tokens(sink));
  return {
    admin: watched.resources,
    exposition: shared.exposition,
    end,
    access: (context: Context) => {
      tokens.access(context);
      access(context);
      return undefined;
    },
    body_filter: (context: Context, chunk: string) => {
      tokens.body(context, chunk);
      return undefined;
    },
    log: (context: Context) => {
      tokens.log(context, reader?.bodyModel(context));
      log(context);
    },
  };
}

export { create };
