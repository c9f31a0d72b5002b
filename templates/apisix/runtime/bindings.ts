import { type InstanceCache, instanceCache } from "../../../nginx/runtime/instance-cache.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import { apisixContext } from "./apisix-context.ts";
import { startWorker } from "./apisix-worker.ts";
import { createBalancerPicker } from "./balancer-picker.ts";
import type { Binding } from "./binding.ts";
import { createMemory, type PluginMemory } from "./memory.ts";
import { ownConfig } from "../../../nginx/runtime/own-config.ts";
import { placeOf } from "./place.ts";
import type { PluginFile } from "./plugin-file.ts";
import type { RouteConfig } from "./route-config.ts";

/** `false`: nothing to do there, for the plugin is off or cannot start. */
type ByRoute = LuaMap<string, Binding | false>;

/** All that is at work of one plugin in this worker. */
export interface Bindings {
  /** The binding for the request in hand; made at its first one. Undefined: nothing to do. */
  readonly find: (this: void, config: ApisixConfig, context: ApisixContext) => Binding | undefined;
  /** As `find`, for a route that no request may have come to yet. @returns the name of its place */
  readonly ensure: (this: void, found: RouteConfig) => string;
  /** Ends those that `ensure` made and that requests find on the routes themselves, but for these places. */
  readonly endOthers: (this: void, places: LuaMap<string, boolean>) => void;
  readonly instances: (this: void) => readonly Instance[];
  /** Ends everything; requests begin anew. */
  readonly end: (this: void) => void;
}

/** How the places begin of instances on routes themselves, and of those that requests find a copy of. */
const ON_ROUTE = "route ";
const INHERITED = "inherited ";

function isEnsured(place: string): boolean {
  return string.sub(place, 1, ON_ROUTE.length) === ON_ROUTE || string.sub(place, 1, INHERITED.length) === INHERITED;
}

function isGlobal(confType: string | undefined): boolean {
  return confType === "global_rule";
}

export function createBindings(file: PluginFile): Bindings {
  // Weak: what was made of a configuration goes with it.
  const byConfig = setmetatable(new LuaMap<ApisixConfig, ByRoute>(), { __mode: "k" });
  // One request may pass a plugin twice, as a global rule and as the route's own; each has its memory.
  const ofRoute = createMemory(`autoscale ${file.name}`);
  const ofGlobal = createMemory(`autoscale ${file.name} global`);
  let cache: InstanceCache | undefined;

  /** @param place tells apart instances that are at work at the same time */
  function bind(config: ApisixConfig, route: ApisixRoute, place: string, memory: PluginMemory): Binding | undefined {
    const worker = startWorker();
    if (worker === undefined) {
      return undefined;
    }
    let byRoute = byConfig.get(config);
    if (byRoute === undefined) {
      byRoute = new LuaMap();
      byConfig.set(config, byRoute);
    }
    byRoute.set(route.id, false);
    if (config.mode === "off") {
      return undefined;
    }
    cache ??= instanceCache(worker.start);
    const instance = cache.get(config, place, () => ({
      plugin: file.name,
      module: file.module,
      config: ownConfig(config, file.fields),
      shadow: config.mode === "shadow",
      place: placeOf(route),
    }));
    if (instance === undefined) {
      return undefined;
    }
    const { handlers } = instance;
    const context = apisixContext(memory);
    const picker = handlers.balancer === undefined ? undefined : createBalancerPicker(handlers.balancer, context);
    const made = { plugin: file.name, handlers, context, memory, worker, picker };
    byRoute.set(route.id, made);
    return made;
  }

  function first(config: ApisixConfig, context: ApisixContext): Binding | undefined {
    const route = context.matched_route;
    if (route === undefined) {
      return undefined;
    }
    const place = `${context.conf_type ?? ""} ${context.conf_id ?? ""} ${route.value.id}`;
    return bind(config, route.value, place, isGlobal(context.conf_type) ? ofGlobal : ofRoute);
  }

  return {
    find: (config, context) => {
      const byRoute = byConfig.get(config);
      if (byRoute !== undefined) {
        const found = byRoute.get(context.route_id as string);
        if (found !== undefined) {
          return found === false ? undefined : found;
        }
      }
      return first(config, context);
    },
    ensure: ({ config, route, isOwn }) => {
      const byRoute = byConfig.get(config);
      // What requests find elsewhere has another table and another place; both are at work.
      const place = isOwn ? `${ON_ROUTE}${route.id} ${route.id}` : `${INHERITED}${route.id}`;
      if (byRoute === undefined || !byRoute.has(route.id)) {
        bind(config, route, place, ofRoute);
      }
      return place;
    },
    endOthers: (places) => {
      if (cache !== undefined) {
        cache.endPlaces((place) => isEnsured(place) && !places.has(place));
      }
    },
    instances: () => (cache === undefined ? [] : cache.all()),
    end: () => {
      for (const [config] of byConfig) {
        byConfig.delete(config);
      }
      if (cache !== undefined) {
        cache.retain([]);
      }
    },
  };
}
