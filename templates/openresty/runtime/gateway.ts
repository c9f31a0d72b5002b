import { type Instance, instanceStarter } from "../../../nginx/runtime/instance.ts";
import type { Balancer } from "../../../plugins/_kit/balancer.ts";
import { openStore } from "../../../nginx/runtime/open-store.ts";
import { setStateFolder } from "../../../nginx/runtime/worker-files.ts";
import { createAdmin } from "./admin.ts";
import { balancing } from "./balance.ts";
import { noPeerContent } from "./no-peer.ts";
import { composeRoute } from "./phases.ts";
import { unpack } from "./request-memory.ts";
import type { RouteSettings, Settings } from "./settings.ts";
import { peerCount, startUpstreams, type WorkerUpstream } from "./upstreams.ts";

/** Blocks of nginx.conf find our functions here; a global is the cheapest name a block can reach. */
const globals = _G as unknown as Record<string, (this: void) => void>;

function dictRemedy(dict: string): string {
  return `include fragments/http.conf, or add: lua_shared_dict ${dict} 16m;`;
}

/** Requests sent here from other upstreams' routes: no route's plugins have a say. */
function startPicking({ settings, balancer }: WorkerUpstream): void {
  if (balancer !== undefined) {
    globals[`autoscale_balance_${settings.id}`] = balancing(balancer, undefined);
  }
}

/** The balancers that requests of a route may come to: its own upstream's, and those its plugins may send them to. */
function balancersOf(route: RouteSettings, upstreams: LuaMap<string, WorkerUpstream>): readonly Balancer[] {
  const found: Balancer[] = [];
  const add = (name: string): void => {
    const balancer = upstreams.get(name)?.balancer;
    if (balancer !== undefined) {
      found.push(balancer);
    }
  };
  add(route.upstream);
  for (const [name] of pairs(route.locations)) {
    add(name);
  }
  return found;
}

/**
 * Called in init_worker. Makes every plugin instance and the functions that the blocks of nginx.conf call; their names
 * begin with `autoscale_`.
 */
export function start(settings: Settings): void {
  // nginx.conf has nginx make it for the workers' user.
  setStateFolder(`${ngx.config.prefix()}temp/state`);
  const store = openStore("autoscale", dictRemedy("autoscale"));
  const startInstance = instanceStarter(dictRemedy);
  const upstreams = startUpstreams(settings, startInstance);
  const everyone: Instance[] = [];
  const pluginNames = new LuaMap<string, boolean>();
  for (const [, upstream] of upstreams) {
    startPicking(upstream);
    if (upstream.instance !== undefined) {
      everyone.push(upstream.instance);
      pluginNames.set(upstream.instance.plugin, true);
    }
  }

  function startRoute(route: RouteSettings): void {
    const instances: Instance[] = [];
    const upstream = upstreams.get(route.upstream);
    const place = { route: route.name, upstream: route.upstream, peers: upstream?.settings.keys ?? [] };
    const count = (): number => (upstream === undefined ? 0 : peerCount(upstream));
    for (const plugin of route.plugins) {
      pluginNames.set(plugin.name, true);
      const { name, module, config, shadow } = plugin;
      const instance = startInstance({ plugin: name, module, config, shadow, place, peerCount: count });
      if (instance !== undefined) {
        instances.push(instance);
        everyone.push(instance);
      }
    }
    const phases = composeRoute(route, instances, store, upstream?.balancer, balancersOf(route, upstreams));
    globals[`autoscale_rewrite_${route.id}`] = phases.rewrite;
    globals[`autoscale_access_${route.id}`] = phases.access;
    globals[`autoscale_header_filter_${route.id}`] = phases.headerFilter;
    globals[`autoscale_body_filter_${route.id}`] = phases.bodyFilter;
    globals[`autoscale_log_${route.id}`] = phases.log;
    globals[`autoscale_balance_${route.id}`] = phases.balance;
    globals[`autoscale_no_peer_${route.id}`] = noPeerContent(route.upstream);
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
