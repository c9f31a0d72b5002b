import { clock } from "../../../nginx/runtime/clock.ts";
import { decisionEvents } from "../../../nginx/runtime/decision-events.ts";
import { recordFault } from "../../../nginx/runtime/faults.ts";
import { seededRandom } from "../../../nginx/runtime/random.ts";
import { sharedStore } from "../../../nginx/runtime/store.ts";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";
import { startWorkerPressure } from "../../../nginx/runtime/worker-pressure.ts";
import { workerTimer } from "../../../nginx/runtime/worker-timer.ts";
import type { Create, Handlers, Host } from "../../../plugins/_kit/handlers.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import type { PluginSettings, RouteSettings, Settings } from "./settings.ts";

/** A plugin at work on a route. */
export interface Instance {
  readonly plugin: string;
  readonly handlers: Handlers;
}

/** The shared dict of that name as a store; without it the gateway cannot start, and the error says what to add. */
export function openStore(dict: string): Store {
  const found = ngx.shared[dict];
  if (found === undefined) {
    error(
      `E_DICT_MISSING: the gateway needs the shared dict "${dict}" - include fragments/http.conf, ` +
        `or add: lua_shared_dict ${dict} 16m;`,
    );
  }
  return sharedStore(found);
}

/** Makes the ports once for this worker and gives each place its own Host. */
export function hostFactory(settings: Settings): (route: RouteSettings, plugin: PluginSettings) => Host {
  const random = seededRandom();
  const pressure = startWorkerPressure();
  return (route, plugin) => ({
    place: { route: route.name, upstream: route.upstream, peers: settings.upstreams[route.upstream]?.keys ?? [] },
    shadow: plugin.shadow,
    clock,
    random,
    log: workerLog,
    timer: workerTimer,
    events: decisionEvents,
    pressure,
    store: openStore,
  });
}

/** Runs `create`. A plugin that cannot start is left out: the route works without it, and the error says so. */
export function startInstance(plugin: PluginSettings, host: Host, store: Store): Instance | undefined {
  const [loaded, module] = pcall(require, plugin.module);
  if (!loaded) {
    recordFault(store, plugin.name, "load", module);
    return undefined;
  }
  const { create } = module as unknown as { create: Create<unknown> };
  const [ok, handlers] = pcall(create, plugin.config, host);
  if (!ok) {
    recordFault(store, plugin.name, "create", handlers);
    return undefined;
  }
  return { plugin: plugin.name, handlers };
}
