import type { Gateway, Route, Timeouts } from "../../cli/build/model.ts";
import type { PlannedPlugin, PlannedRoute } from "../../cli/build/target.ts";
import { AutoscaleError } from "../../cli/errors.ts";
import { BALANCER } from "../_shared/balanced.ts";
import { routeMatch } from "./route-match.ts";

/** The methods APISIX's schema has; a route with another one would be dropped by it. */
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "PURGE"];

export function timeoutView({ connectSeconds, sendSeconds, readSeconds }: Timeouts) {
  return { connect: connectSeconds, send: sendSeconds, read: readSeconds };
}

/** The gateway's own plugins that do what a route asks for beside ours. */
function hostPlugins(route: Route, gateway: Gateway): Record<string, object> {
  const cut = cutRegex(route);
  return {
    ...(cut === undefined ? {} : { "proxy-rewrite": { regex_uri: [cut, "/$1"] } }),
    ...(route.maxBodyBytes === gateway.maxBodyBytes ? {} : { "client-control": { max_body_size: route.maxBodyBytes } }),
  };
}

/** A regex of the whole path whose first group is what stays when the prefix is cut off. */
function cutRegex({ stripPrefix, path }: Route): string | undefined {
  if (!stripPrefix || path.kind !== "prefix" || path.value === "/") return undefined;
  const literal = path.value.replace(/\/$/, "").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  // (?s): a path may hold an encoded newline.
  return `(?s)^${literal}/?(.*)$`;
}

function pluginView({ config, shadow }: PlannedPlugin): object {
  return { ...(config as object), ...(shadow ? { mode: "shadow" } : {}) };
}

function refuseMethods({ name, methods }: Route): void {
  const unknown = methods.find((method) => !METHODS.includes(method));
  if (unknown === undefined) return;
  throw new AutoscaleError({
    code: "E_APISIX_METHOD",
    path: `routes.${name}.methods`,
    message: `found ${unknown}, allowed on APISIX: ${METHODS.join(", ")}`,
  });
}

/**
 * One entry of `routes` in apisix.yaml. Its id is the route's name, by which plugins keep their state.
 * @throws AutoscaleError when APISIX could not take it
 */
export function routeView({ route, plugins }: PlannedRoute, gateway: Gateway): object {
  refuseMethods(route);
  const upstream = gateway.upstreams.find(({ name }) => name === route.upstream);
  const ours = Object.fromEntries(plugins.map((plugin) => [plugin.name, pluginView(plugin)]));
  const picks = upstream?.isDynamic === true ? { [BALANCER]: upstream.dynamic } : {};
  return {
    id: route.name,
    name: route.name,
    ...routeMatch(route, gateway.routes),
    ...(route.hosts.length === 0 ? {} : { hosts: route.hosts }),
    ...(route.methods.length === 0 ? {} : { methods: route.methods }),
    upstream_id: route.upstream,
    timeout: timeoutView(route.timeouts),
    ...(upstream?.protocol === "grpc" ? {} : { enable_websocket: true }),
    plugins: { ...hostPlugins(route, gateway), ...ours, ...picks },
  };
}
