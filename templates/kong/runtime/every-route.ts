import { workerLog } from "../../../nginx/runtime/worker-log.ts";

/** Rows that Kong reads at a time: the most it allows. */
const PAGE = 1000;

/** How closely a configuration fits, as Kong ranks them (kong/runloop/plugins_iterator.lua); -1: not at all. */
function rank(config: KongConfig, route: KongRoute): number {
  let fits = 0;
  if (config.route_id !== undefined) {
    if (config.route_id !== route.id) {
      return -1;
    }
    fits += 2;
  }
  if (config.service_id !== undefined) {
    if (route.service === undefined || config.service_id !== route.service.id) {
      return -1;
    }
    fits += 1;
  }
  return fits;
}

function best(configs: readonly KongConfig[], route: KongRoute): KongConfig | undefined {
  let found: KongConfig | undefined;
  let highest = -1;
  for (const config of configs) {
    const fits = rank(config, route);
    if (fits > highest) {
      highest = fits;
      found = config;
    }
  }
  return found;
}

function serviceOf(route: KongRoute): KongService | undefined {
  if (route.service === undefined) {
    return undefined;
  }
  const [service] = kong.db.services.select(route.service);
  return service;
}

/**
 * Calls `visit` for each route of this Kong with the configuration that holds there. May yield.
 * @returns false when Kong could not tell its routes
 */
export function everyRoute(
  configs: readonly KongConfig[],
  visit: (this: void, config: KongConfig, route: KongRoute, service: KongService | undefined) => void,
): boolean {
  if (configs.length === 0) {
    return true;
  }
  for (const [route, problem] of kong.db.routes.each(PAGE)) {
    if (route === undefined) {
      workerLog.warn(`cannot read the routes of Kong: ${tostring(problem)}`);
      return false;
    }
    const config = best(configs, route);
    if (config !== undefined) {
      visit(config, route, serviceOf(route));
    }
  }
  return true;
}
