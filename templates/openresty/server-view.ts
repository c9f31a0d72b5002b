/** `server` blocks: one for each certificate and each set of hosts that see the same routes. */
import type { Listen } from "../../cli/build/model.ts";
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { largestLimit } from "./body-limit.ts";
import { routesOfHost } from "./host-rank.ts";
import { type LocationView, locationViews } from "./location-view.ts";
import { noPeerView, type NoPeerView } from "./no-peer-view.ts";
import { detourViews, namedRouteView, type NamedRouteView } from "./route-view.ts";

export interface ListenLine {
  readonly address: string;
  readonly tls: boolean;
  readonly http2: boolean;
  readonly isDefault: boolean;
}

export interface ServerView {
  readonly names: readonly string[];
  readonly catchAll: boolean;
  readonly listen: readonly ListenLine[];
  readonly tls: { readonly certificate: string; readonly key: string } | false;
  readonly locations: readonly LocationView[];
  readonly named: readonly NamedRouteView[];
  readonly noPeer: readonly NoPeerView[];
  /** No route takes `/`: what matches nothing is answered by the gateway. */
  readonly fallback404: boolean;
}

interface HostGroup {
  readonly names: string[];
  readonly routes: readonly PlannedRoute[];
}

function hostGroups(plan: Plan): HostGroup[] {
  const groups = new Map<string, HostGroup>();
  for (const host of new Set(plan.routes.flatMap((planned) => planned.route.hosts))) {
    const routes = routesOfHost(plan, host);
    const key = routes.map((planned) => plan.routes.indexOf(planned)).join(",");
    const group = groups.get(key) ?? { names: [], routes };
    group.names.push(host);
    groups.set(key, group);
  }
  return [...groups.values()];
}

interface ListenGroup {
  readonly tls: ServerView["tls"];
  readonly listen: Listen[];
}

function listenGroups(listen: readonly Listen[]): ListenGroup[] {
  const groups = new Map<string, ListenGroup>();
  for (const entry of listen) {
    const key = entry.tls === undefined ? "" : `${entry.tls.certificate}\n${entry.tls.key}`;
    const group = groups.get(key) ?? { tls: entry.tls ?? false, listen: [] };
    group.listen.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function listenLine(entry: Listen, isDefault: boolean): ListenLine {
  const host = entry.address.includes(":") ? `[${entry.address}]` : entry.address;
  return { address: `${host}:${entry.port}`, tls: entry.tls !== undefined, http2: entry.http2, isDefault };
}

function namedLocations(plan: Plan, routes: readonly PlannedRoute[], locations: readonly LocationView[]) {
  const dispatches = locations.filter((location) => location.kind === "dispatch");
  const choices = dispatches.flatMap((location) => location.choices);
  const named = new Map(choices.map((choice) => [choice.planned, choice.location]));
  return [
    ...[...named].map(([planned, location]) => {
      const beside = dispatches.filter((other) => other.choices.some((choice) => choice.planned === planned));
      return namedRouteView(plan, planned, location, largestLimit(beside));
    }),
    ...routes.flatMap((planned) => detourViews(plan, planned, named.has(planned))),
  ];
}

/** All server blocks: the catch-all of each certificate first. */
export function serverViews(plan: Plan): ServerView[] {
  const groups: HostGroup[] = [{ names: ["_"], routes: routesOfHost(plan, undefined) }, ...hostGroups(plan)];
  return listenGroups(plan.gateway.listen).flatMap((listeners) =>
    groups.map((group, index) => {
      const locations = locationViews(plan, group.routes, index === 0 ? undefined : group.names[0]);
      return {
        names: group.names,
        catchAll: index === 0,
        listen: listeners.listen.map((entry) => listenLine(entry, index === 0)),
        tls: listeners.tls,
        locations,
        named: namedLocations(plan, group.routes, locations),
        noPeer: group.routes.flatMap((planned) => noPeerView(plan, planned) ?? []),
        fallback404: !group.routes.some(({ route }) => route.path.kind === "prefix" && route.path.value === "/"),
      };
    }),
  );
}
