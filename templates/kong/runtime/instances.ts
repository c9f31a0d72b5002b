import { instanceCache, type InstanceCache } from "../../../nginx/runtime/instance-cache.ts";
import type { Instance, InstanceSettings } from "../../../nginx/runtime/instance.ts";
import { everyRoute } from "./every-route.ts";
import { request } from "./kong-context.ts";
import { kongWorker } from "./kong-worker.ts";
import { ownConfig } from "../../../nginx/runtime/own-config.ts";
import type { PluginSpec } from "./plugin-spec.ts";

/** @noSelf */
export interface Instances {
  /** The instance for the request being handled; undefined: this plugin has nothing to do for it. */
  find(config: KongConfig): Instance | undefined;
  /** Ends those of all other configurations. */
  retain(configs: readonly KongConfig[]): void;
  /** All there could be: starts those of routes that no request of this worker has come to. May yield. */
  everywhere(): readonly Instance[];
}

/** False: looked for, and there is none. */
type ByRoute = LuaMap<string, Instance | false>;

/**
 * What the peers of a Service are known by: Kong's Upstream, which several Services may lead to, where its host names one; else
 * the Service is an upstream of its own. May yield.
 */
function upstreamName(service: KongService | undefined): string {
  const host = service?.host;
  if (host !== undefined) {
    const [upstream] = kong.db.upstreams.select_by_name(host);
    if (upstream !== undefined) {
      return host;
    }
  }
  return service?.name ?? host ?? "";
}

/** The instances of one plugin in this worker: one for each configuration and route. */
export function instancesOf(spec: PluginSpec): Instances {
  const found = setmetatable(new LuaMap<KongConfig, ByRoute>(), { __mode: "k" });
  let cache: InstanceCache | undefined;
  let current: readonly KongConfig[] = [];
  let complete = false;

  function at(config: KongConfig, route: KongRoute, service: KongService | undefined): Instance | undefined {
    const worker = kongWorker();
    if (worker === undefined || config.mode === "off") {
      return undefined;
    }
    cache ??= instanceCache(worker.start);
    const settings = (): InstanceSettings => ({
      plugin: spec.name,
      module: spec.module,
      config: ownConfig(config, spec.fields),
      shadow: config.mode === "shadow",
      place: { route: route.name ?? route.id, upstream: upstreamName(service), peers: [] },
    });
    return cache.get(config, `${config.__plugin_id ?? ""} ${route.id}`, settings);
  }

  function look(config: KongConfig): Instance | undefined {
    const { route, service } = request();
    if (route === undefined) {
      return undefined;
    }
    let byRoute = found.get(config);
    if (byRoute === undefined) {
      byRoute = new LuaMap();
      found.set(config, byRoute);
    }
    const instance = at(config, route, service);
    byRoute.set(route.id, instance ?? false);
    return instance;
  }

  /** @returns false when another configuration has come meanwhile, or Kong could not tell its routes */
  function makeAll(): boolean {
    const configs = current;
    const told = complete || everyRoute(configs, at);
    complete = told && configs === current;
    return complete;
  }

  /** The new ones begin before the old ones end: so what both of them hold is kept. */
  function startAll(this: void, premature: boolean): void {
    if (!premature && makeAll()) {
      cache?.retain(current);
    }
  }

  return {
    find: (config) => {
      const byRoute = found.get(config);
      if (byRoute !== undefined) {
        // A configuration of a route needs no look at the request.
        let route = config.route_id;
        if (route === undefined) {
          const matched = request().route;
          if (matched === undefined) {
            return undefined;
          }
          route = matched.id;
        }
        const known = byRoute.get(route);
        if (known !== undefined) {
          return known === false ? undefined : known;
        }
      }
      return look(config);
    },
    retain: (configs) => {
      current = configs;
      complete = false;
      if (spec.early === true) {
        // Kong's database cannot be asked while a worker begins.
        ngx.timer.at(0, startAll);
      } else {
        cache?.retain(configs);
      }
    },
    everywhere: () => {
      makeAll();
      return cache?.all() ?? [];
    },
  };
}
