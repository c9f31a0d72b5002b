import { type Instance, instanceStarter } from "../../../nginx/runtime/instance.ts";
import { openStore } from "../../../nginx/runtime/open-store.ts";
import { createAdmin } from "./admin.ts";
import { balance } from "./balance.ts";
import { withPeers } from "./no-peer.ts";
import { followPeerFile } from "./peer-file.ts";
import { composeRoute } from "./phases.ts";
import { unpack } from "./request-memory.ts";
import type { RouteSettings, Settings } from "./settings.ts";
import { startUpstreams, type WorkerUpstream } from "./upstreams.ts";

/** Blocks of nginx.conf find our functions here; a global is the cheapest name a block can reach. */
const globals = _G as unknown as Record<string, (this: void) => void>;

function dictRemedy(dict: string): string {
  return `include fragments/http.conf, or add: lua_shared_dict ${dict} 16m;`;
}

/** No plugin has a say: excludes no peer. */
function nobody(): void {
  return undefined;
}

/** Requests sent here from other upstreams' routes: no route's plugins have a say. */
function startPool({ name, settings, steered }: WorkerUpstream): void {
  if (steered !== undefined) {
    const { pool } = steered;
    globals[`autoscale_balance_${settings.id}`] = () => {
      balance(pool, nobody, settings.retries);
    };
    if (settings.file !== undefined) {
      followPeerFile(pool, name, settings.file.path, settings.file.intervalSeconds);
    }
  }
}

/**
 * Called in init_worker. Makes every plugin instance and the functions that the blocks of nginx.conf call; their names
 * begin with `autoscale_`.
 */
export function start(settings: Settings): void {
  const store = openStore("autoscale", dictRemedy("autoscale"));
  const startInstance = instanceStarter(dictRemedy);
  const upstreams = startUpstreams(settings, store);
  for (const [, upstream] of upstreams) {
    startPool(upstream);
  }
  const everyone: Instance[] = [];
  const pluginNames = new LuaMap<string, boolean>();

  function startRoute(route: RouteSettings): void {
    const instances: Instance[] = [];
    const upstream = upstreams.get(route.upstream);
    const keys = upstream === undefined ? [] : upstream.settings.keys;
    const pool = upstream?.steered?.pool;
    const place = { route: route.name, upstream: route.upstream, peers: keys };
    const peerCount = (): number => (pool === undefined ? keys.length : pool.count());
    for (const plugin of route.plugins) {
      pluginNames.set(plugin.name, true);
      const { name, module, config, shadow } = plugin;
      const instance = startInstance({ plugin: name, module, config, shadow, place, peerCount });
      if (instance !== undefined) {
        instances.push(instance);
        everyone.push(instance);
      }
    }
    const phases = composeRoute(route, instances, store, pool, upstream?.settings.retries ?? 0);
    globals[`autoscale_rewrite_${route.id}`] = phases.rewrite;
    const { access } = phases;
    globals[`autoscale_access_${route.id}`] = pool === undefined ? access : withPeers(pool, route.upstream, access);
    globals[`autoscale_header_filter_${route.id}`] = phases.headerFilter;
    globals[`autoscale_body_filter_${route.id}`] = phases.bodyFilter;
    globals[`autoscale_log_${route.id}`] = phases.log;
    globals[`autoscale_balance_${route.id}`] = phases.balance;
  }

  for (const route of settings.routes) {
    startRoute(route);
  }
  globals["autoscale_arrive"] = unpack;
  const plugins: string[] = [];
  for (const [name] of pluginNames) {
    plugins.push(name);
  }
  globals["autoscale_admin"] = createAdmin(settings, everyone, store, plugins, upstreams);
}
