import { isIP } from "node:net";
import type { Phase } from "../../plugins/_kit/handlers.ts";
import type { Route, Upstream } from "../../cli/build/model.ts";
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { isBalanced } from "../_shared/balanced.ts";
import { aboveRegex } from "./body-limit.ts";
import { detourLocation, noPeerLocation, routeId, upstreamId } from "./names.ts";
import { retryWords } from "./retries.ts";
import { blockOfRoute, blockOfUpstream, findUpstream } from "./upstream-view.ts";

/** How a location hands a request to an upstream. */
export interface PassView {
  readonly grpc: boolean;
  /** `http://block`, with the URI that replaces the prefix where it is cut off here. */
  readonly url: string;
  readonly tls: boolean;
  /** Name sent in TLS and checked against nothing: see docs/openresty.md. False: the peers have no name. */
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
  /** A regex of what to cut off the path; false: nothing, or proxy_pass does it. */
  readonly cut: string | false;
  /** A regex of the Content-Lengths that are too large; false: nginx has compared. */
  readonly tooLarge: string | false;
  readonly maxBodyBytes: number;
  readonly setRoute: boolean;
  readonly phases: PhaseFlags;
  /** Where Lua picks the peers: the location that answers when there is none. */
  readonly noPeer: string | false;
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

/** @param balanced Lua picks the peers: it learns in log how the request ended */
function phaseFlags(planned: PlannedRoute, balanced: boolean): PhaseFlags {
  const has = (phase: Phase): boolean => planned.plugins.some((plugin) => plugin.phases.includes(phase));
  return {
    rewrite: has("rewrite"),
    access: has("access"),
    headerFilter: has("header_filter"),
    bodyFilter: has("body_filter"),
    log: balanced || has("log"),
  };
}

function passView(block: string, upstream: Upstream, route: Route, uri: string): PassView {
  const named = upstream.targets.find((target) => isIP(target.host) === 0);
  return {
    grpc: upstream.protocol === "grpc",
    url: `${upstream.protocol}://${block}${uri}`,
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

/** What a route's locations have in common, whichever way a request comes in. */
function commonView(plan: Plan, planned: PlannedRoute, upstream: Upstream) {
  const { route } = planned;
  const id = routeId(plan, planned);
  const balanced = isBalanced(plan, upstream);
  return {
    id,
    name: route.name,
    tooLarge: false,
    maxBodyBytes: route.maxBodyBytes,
    setRoute: plan.gateway.accessLog.format === "json",
    phases: phaseFlags(planned, balanced),
    noPeer: balanced && noPeerLocation(id),
    raw: plan.gateway.nginx.location,
  } as const;
}

/** A route in locations of its own. grpc_pass takes no URI, so there the prefix is cut by a rewrite. */
export function routeView(plan: Plan, planned: PlannedRoute): RouteView {
  const { route } = planned;
  const upstream = findUpstream(plan, route.upstream);
  const grpc = upstream.protocol === "grpc";
  const pass = passView(blockOfRoute(plan, planned), upstream, route, grpc ? "" : replacement(route));
  return { ...commonView(plan, planned, upstream), cut: grpc && cutRegex(route), pass };
}

export function routeViews(plan: Plan): RouteView[] {
  return plan.routes.map((planned) => routeView(plan, planned));
}

/** A named location of a route: a detour to another upstream, or one of several routes on one path. */
export interface NamedRouteView extends RouteView {
  readonly location: string;
  /** Came through an internal redirect: takes up the request's memory, and plugins had their say. */
  readonly detour: boolean;
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function cutRegex(route: Route): string | false {
  if (replacement(route) === "") return false;
  // (?s): a path may hold an encoded newline.
  return `(?s)^${escapeRegex(route.path.value.replace(/\/$/, ""))}/?(.*)$`;
}

/**
 * The same route in a named location: nginx allows no URI in proxy_pass there, so the prefix is cut by a rewrite.
 * @param limit the limit of the body that nginx has compared with, in bytes; 0: none
 */
export function namedRouteView(plan: Plan, planned: PlannedRoute, location: string, limit: number): NamedRouteView {
  const { route } = planned;
  const upstream = findUpstream(plan, route.upstream);
  return {
    ...commonView(plan, planned, upstream),
    location,
    detour: false,
    cut: cutRegex(route),
    tooLarge: route.maxBodyBytes !== limit && route.maxBodyBytes > 0 && aboveRegex(route.maxBodyBytes),
    pass: passView(blockOfRoute(plan, planned), upstream, route, ""),
  };
}

/**
 * One named location for each other upstream that the route's plugins may send requests to.
 * @param named the route itself is in a named location, which has cut the prefix already
 */
export function detourViews(plan: Plan, planned: PlannedRoute, named: boolean): NamedRouteView[] {
  const cutBefore = named || routeView(plan, planned).cut !== false;
  const others = new Set(planned.plugins.flatMap((plugin) => plugin.upstreams));
  return [...others].sort().map((name) => {
    const upstream = findUpstream(plan, name);
    const { phases, ...common } = commonView(plan, planned, upstream);
    return {
      ...common,
      location: detourLocation(common.id, upstreamId(plan, name)),
      detour: true,
      cut: cutBefore ? false : cutRegex(planned.route),
      phases: { ...phases, rewrite: false, access: false },
      pass: passView(blockOfUpstream(plan, name), upstream, planned.route, ""),
    };
  });
}
