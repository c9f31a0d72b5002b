/**
 * Which requests a route is for, in the words of APISIX's router. It asks routes of the longest path first, and on one path
 * those of the highest priority; nginx's order is exact, then regex as written, then the longest prefix. So a regex
 * route stands on the path of every prefix route too, before it.
 */
import type { Route, RoutePath } from "../../cli/build/model.ts";

export interface RouteMatch {
  readonly uris: readonly string[];
  readonly priority: number;
  /** A condition beside the path. */
  readonly vars?: readonly (readonly string[])[];
}

/** A prefix ends at a segment's border: /users is not the prefix of /users2. */
function prefixUris(value: string): string[] {
  return value.endsWith("/") ? [`${value}*`] : [value, `${value}/*`];
}

function urisOf({ kind, value }: RoutePath): string[] {
  if (kind === "exact") return [value];
  return kind === "prefix" ? prefixUris(value) : ["/*"];
}

/** On one path: exact before regex, earlier regexes before later ones; then who names methods before who takes all. */
function priorityOf(route: Route, routes: readonly Route[]): number {
  const methods = route.methods.length > 0 ? 1 : 0;
  if (route.path.kind === "prefix") return methods;
  const regexes = routes.filter(({ path }) => path.kind === "regex");
  if (route.path.kind === "exact") return 2 * (regexes.length + 1) + methods;
  return 2 * (regexes.length - regexes.indexOf(route)) + methods;
}

/** @param routes all of the gateway, in the order of gateway.yaml */
export function routeMatch(route: Route, routes: readonly Route[]): RouteMatch {
  const priority = priorityOf(route, routes);
  if (route.path.kind !== "regex") return { uris: urisOf(route.path), priority };
  const beside = routes.filter(({ path }) => path.kind === "prefix").flatMap(({ path }) => urisOf(path));
  return { uris: [...new Set(["/*", ...beside])], priority, vars: [["uri", "~~", route.path.value]] };
}
