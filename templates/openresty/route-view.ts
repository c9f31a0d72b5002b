import { isIP } from "node:net";
import type { Phase } from "../../plugins/_kit/handlers.ts";
import type { Route, Upstream } from "../../cli/build/model.ts";
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { detourLocation, routeId, upstreamId } from "./names.ts";
import { retryWords } from "./retries.ts";
import { blockOfRoute, blockOfUpstream, findUpstream } from "./upstream-view.ts";

/** How a location hands a request to an upstream. */
export interface PassView {
  readonly grpc: boolean;
  /** `http://block` or `https://block`, with the URI that replaces the prefix; without scheme quoting for gRPC. */
  readonly url: string;
  readonly tls: boolean;
  /** Name sent in TLS and checked against nothing: see docs/openresty.md. */
  readonly tlsName: string | false;
  readonly connectSeconds: number;
  readonly sendSeconds: number;
  readonly readSeconds: number;
  /** Words of proxy_next_upstream. */
  readonly retryOn: readonly string[];
  readonly tries: number;
}

/** A fragment with all that stands inside a route's locations. */
export interface RouteView {
  readonly id: string;
  readonly name: string;
  readonly maxBodyBytes: number;
  readonly setRoute: boolean;
  readonly phases: PhaseFlags;
  readonly pass: PassView;
  readonly raw: readonly string[];
}

/** Which blocks to emit; a phase with nothing to do has none. */
export interface PhaseFlags {
  readonly rewrite: boolean;
  readonly access: boolean;
  readonly headerFilter: boolean;
  readonly bodyFilter: boolean;
  readonly log: boolean;
}

export function phaseFlags(planned: PlannedRoute): PhaseFlags {
  const has = (phase: Phase): boolean => planned.plugins.some((plugin) => plugin.phases.includes(phase));
  return {
    rewrite: has("rewrite"),
    access: has("access"),
    headerFilter: has("header_filter"),
    bodyFilter: has("body_filter"),
    log: has("log"),
  };
}

function passView(block: string, upstream: Upstream, route: Route, uri: string): PassView {
  const named = upstream.targets.find((target) => isIP(target.host) === 0);
  const scheme = upstream.protocol === "grpc" ? "grpc" : upstream.protocol;
  return {
    grpc: upstream.protocol === "grpc",
    url: `${scheme}://${block}${upstream.protocol === "grpc" ? "" : uri}`,
    tls: upstream.protocol === "https",
    tlsName: named?.host ?? false,
    ...(upstream.name === route.upstream ? route.timeouts : upstream.timeouts),
    retryOn: retryWords(upstream),
    tries: upstream.retries.attempts + 1,
  };
}

/** `/` where the prefix is to be cut off: nginx then replaces the location's prefix by it. */
function replacement(route: Route): string {
  return route.stripPrefix && route.path.kind === "prefix" && route.path.value !== "/" ? "/" : "";
}

export function routeView(plan: Plan, planned: PlannedRoute): RouteView {
  const { route } = planned;
  const upstream = findUpstream(plan, route.upstream);
  return {
    id: routeId(plan, planned),
    name: route.name,
    maxBodyBytes: route.maxBodyBytes,
    setRoute: plan.gateway.accessLog.format === "json",
    phases: phaseFlags(planned),
    pass: passView(blockOfRoute(plan, planned), upstream, route, replacement(route)),
    raw: plan.gateway.nginx.location,
  };
}

export function routeViews(plan: Plan): RouteView[] {
  return plan.routes.map((planned) => routeView(plan, planned));
}

/** A named location of a route: a detour to another upstream, or one of several routes on one path. */
export interface NamedRouteView extends RouteView {
  readonly location: string;
  /** nginx allows no URI in proxy_pass here, so the prefix is cut by a rewrite; false: nothing to cut. */
  readonly cut: string | false;
  /** Came through an internal redirect: takes up the request's memory, and plugins had their say. */
  readonly detour: boolean;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function cutRegex(route: Route): string | false {
  if (replacement(route) === "") return false;
  return `^${escapeRegex(route.path.value.replace(/\/$/, ""))}/?(.*)$`;
}

/** The same route in a named location. */
export function namedRouteView(plan: Plan, planned: PlannedRoute, location: string): NamedRouteView {
  const view = routeView(plan, planned);
  const upstream = findUpstream(plan, planned.route.upstream);
  return {
    ...view,
    location,
    detour: false,
    cut: cutRegex(planned.route),
    pass: passView(blockOfRoute(plan, planned), upstream, planned.route, ""),
  };
}

/** One named location for each other upstream that the route's plugins may send requests to. */
export function detourViews(plan: Plan, planned: PlannedRoute): NamedRouteView[] {
  const view = routeView(plan, planned);
  const others = new Set(planned.plugins.flatMap((plugin) => plugin.upstreams));
  return [...others].sort().map((name) => ({
    ...view,
    location: detourLocation(view.id, upstreamId(plan, name)),
    detour: true,
    cut: cutRegex(planned.route),
    phases: { ...view.phases, rewrite: false, access: false },
    pass: passView(blockOfUpstream(plan, name), findUpstream(plan, name), planned.route, ""),
  }));
}
