import { get as serviceOf } from "apisix.http.service";
import { get as pluginConfigOf } from "apisix.plugin_config";

/** A plugin's configuration on a route, wherever it is written. */
export interface RouteConfig {
  readonly config: ApisixConfig;
  /** With the upstream that it has of its service. */
  readonly route: ApisixRoute;
  /** Written on the route itself: requests come with this very table, and else with a copy that APISIX makes. */
  readonly isOwn: boolean;
}

function withUpstream(route: ApisixRoute, service: ApisixRoute | undefined): ApisixRoute {
  if (service === undefined || route.upstream !== undefined || route.upstream_id !== undefined) {
    return route;
  }
  return { id: route.id, upstream: service.upstream, upstream_id: service.upstream_id };
}

/** In the order in which APISIX looks: the route, its plugin_config, its service. */
export function configOn(route: ApisixRoute, plugin: string): RouteConfig | undefined {
  const service = route.service_id === undefined ? undefined : serviceOf(tostring(route.service_id))?.value;
  const merged = withUpstream(route, service);
  const own = route.plugins?.[plugin];
  if (own !== undefined) {
    return { config: own, route: merged, isOwn: true };
  }
  const group = route.plugin_config_id === undefined ? undefined : pluginConfigOf(tostring(route.plugin_config_id));
  const inherited = group?.value.plugins?.[plugin] ?? service?.plugins?.[plugin];
  return inherited === undefined ? undefined : { config: inherited, route: merged, isOwn: false };
}
