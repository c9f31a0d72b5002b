/**
 * The named locations that answer requests for which Lua found no peer. nginx makes a 500 of the balancer's exit, and
 * `error_page` sends that there: what the peers themselves answer, and requests that go well, never come by.
 */
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { detourViews, type RouteView, routeView } from "./route-view.ts";

export interface NoPeerView extends Pick<RouteView, "id" | "name" | "setRoute" | "phases" | "raw"> {
  readonly location: string;
}

/** The route's own, where some way of its requests ends at peers that Lua picks. */
export function noPeerView(plan: Plan, planned: PlannedRoute): NoPeerView | undefined {
  for (const view of [routeView(plan, planned), ...detourViews(plan, planned, false)]) {
    if (view.noPeer !== false) return { ...view, location: view.noPeer };
  }
  return undefined;
}
