import type { Create, Handlers, Host, Place } from "../../plugins/_kit/handlers.ts";
import type { Store } from "../../plugins/_kit/ports.ts";
import { recordFault } from "./faults.ts";
import { openStore } from "./open-store.ts";
import { timedHandlers } from "./plugin-time.ts";
import { sharedObjects, startWorkerHost } from "./worker-host.ts";
import { timerScope } from "./worker-timer.ts";

/**
 * A plugin at work at one place.
 * @noSelf
 */
export interface Instance {
  readonly plugin: string;
  readonly handlers: Handlers;
  /** Ends its timer tasks and tells the plugin. Call it once; requests under way may still come to its handlers. */
  end(): void;
}

/** What an instance is made from. */
export interface InstanceSettings {
  readonly plugin: string;
  /** Lua module that exports `create`. */
  readonly module: string;
  readonly config: unknown;
  readonly shadow: boolean;
  readonly place: Place;
  /** How many peers the place's upstream has now; absent where the host cannot tell. */
  readonly peerCount?: (this: void) => number | undefined;
}

/**
 * Makes the ports once for this worker; the function it returns starts instances with them. A plugin that cannot
 * start gives undefined: its place works without it, and the error log says so.
 * @param dictRemedy what to do about a missing dict, in this host's words
 */
export function instanceStarter(
  dictRemedy: (this: void, dict: string) => string,
): (this: void, settings: InstanceSettings) => Instance | undefined {
  const store = (dict: string): Store => openStore(dict, dictRemedy(dict));
  const ownStore = store("autoscale");
  const worker = startWorkerHost(store);
  const sharedByPlugin = new LuaMap<string, Host["shared"]>();
  return ({ plugin, module, config, shadow, place, peerCount }) => {
    const scope = timerScope();
    const shared = sharedByPlugin.get(plugin) ?? (sharedObjects(worker) as Host["shared"]);
    sharedByPlugin.set(plugin, shared);
    const host: Host = {
      place,
      shadow,
      clock: worker.clock,
      random: worker.random,
      log: worker.log,
      timer: scope.timer,
      events: worker.events,
      pressure: worker.pressure,
      json: worker.json,
      store,
      peerCount: peerCount ?? (() => undefined),
      shared,
    };
    const [loaded, exported] = pcall(require, module);
    if (!loaded) {
      recordFault(ownStore, plugin, "load", exported);
      return undefined;
    }
    const { create } = exported as unknown as { create: Create<unknown> };
    const [ok, handlers] = pcall(create, config, host);
    if (!ok) {
      scope.end();
      recordFault(ownStore, plugin, "create", handlers);
      return undefined;
    }
    const end = (): void => {
      scope.end();
      if (handlers.end !== undefined) {
        const [ended, problem] = pcall(handlers.end);
        if (!ended) {
          recordFault(ownStore, plugin, "end", problem);
        }
      }
    };
    return { plugin, handlers: timedHandlers(plugin, handlers), end };
  };
}
