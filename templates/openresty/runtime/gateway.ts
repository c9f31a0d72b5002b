import { type Instance, instanceStarter, openStore } from "../../../nginx/runtime/instance.ts";
import { createAdmin } from "./admin.ts";
import { balance } from "./balance.ts";
import { createPeerPool, type WorkerPool } from "../../../nginx/runtime/peer-pool.ts";
import { followPeerFile } from "./peer-file.ts";
import { composeRoute } from "./phases.ts";
import { unpack } from "./request-memory.ts";
import type { Settings } from "./settings.ts";

/** Blocks of nginx.conf find our functions here; a global is the cheapest name a block can reach. */
const globals = _G as unknown as Record<string, (this: void) => void>;

function dictRemedy(dict: string): string {
  return `include fragments/http.conf, or add: lua_shared_dict ${dict} 16m;`;
}

/** No plugin has a say: excludes no peer. */
function nobody(): void {
  return undefined;
}

function startPools(settings: Settings): LuaMap<string, WorkerPool> {
  const pools = new LuaMap<string, WorkerPool>();
  for (const [name, upstream] of pairs(settings.upstreams)) {
    if (upstream.balanced) {
      const pool = createPeerPool(upstream.peers);
      pools.set(name, pool);
      globals[`autoscale_balance_${upstream.id}`] = () => {
        balance(pool, nobody, upstream.retries);
      };
      if (upstream.file !== undefined) {
        followPeerFile(pool, name, upstream.file.path, upstream.file.intervalSeconds);
      }
    }
  }
  return pools;
}

/**
 * Called in init_worker. Makes every plugin instance and the functions that the blocks of nginx.conf call; their names
 * begin with `autoscale_`.
 */
export function start(settings: Settings): void {
  const store = openStore("autoscale", dictRemedy("autoscale"));
  const startInstance = instanceStarter(dictRemedy);
  const pools = startPools(settings);
  const everyone: Instance[] = [];
  const pluginNames = new LuaMap<string, boolean>();
  for (const route of settings.routes) {
    const instances: Instance[] = [];
    const upstream = settings.upstreams[route.upstream];
    const place = { route: route.name, upstream: route.upstream, peers: upstream?.keys ?? [] };
    for (const plugin of route.plugins) {
      pluginNames.set(plugin.name, true);
      const { name, module, config, shadow } = plugin;
      const instance = startInstance({ plugin: name, module, config, shadow, place });
      if (instance !== undefined) {
        instances.push(instance);
        everyone.push(instance);
      }
    }
    const phases = composeRoute(route, instances, store, pools.get(route.upstream), upstream?.retries ?? 0);
    globals[`autoscale_rewrite_${route.id}`] = phases.rewrite;
    globals[`autoscale_access_${route.id}`] = phases.access;
    globals[`autoscale_header_filter_${route.id}`] = phases.headerFilter;
    globals[`autoscale_body_filter_${route.id}`] = phases.bodyFilter;
    globals[`autoscale_log_${route.id}`] = phases.log;
    globals[`autoscale_balance_${route.id}`] = phases.balance;
  }
  globals["autoscale_arrive"] = unpack;
  const plugins: string[] = [];
  for (const [name] of pluginNames) {
    plugins.push(name);
  }
  globals["autoscale_admin"] = createAdmin(settings, everyone, store, plugins);
}
