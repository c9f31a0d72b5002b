/** Names in generated files. Names of routes and upstreams may hold `.` and `-`; identifiers may not, so a number keeps them apart. */
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";

function bare(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "_");
}

/** `r1_users`: ends the names of the route's functions and locations. */
export function routeId(plan: Plan, planned: PlannedRoute): string {
  return `r${plan.routes.indexOf(planned) + 1}_${bare(planned.route.name)}`;
}

/** `u1_users` */
export function upstreamId(plan: Plan, name: string): string {
  return `u${plan.gateway.upstreams.findIndex((upstream) => upstream.name === name) + 1}_${bare(name)}`;
}

/** The named location a route's requests take to another upstream. */
export function detourLocation(route: string, upstream: string): string {
  return `@autoscale_${route}_to_${upstream}`;
}

/** The named location that answers the route's requests for which no peer was found. */
export function noPeerLocation(route: string): string {
  return `@autoscale_${route}_no_peer`;
}
