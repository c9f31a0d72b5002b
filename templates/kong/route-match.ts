/**
 * A route's path in Kong's words. Kong's prefixes know no segments, so `/users` becomes the regex `/users$` and the prefix
 * `/users/`. Its regexes are anchored at the beginning and go before prefixes, the highest `regex_priority` first.
 */
import type { RoutePath } from "../../cli/build/model.ts";
import type { PlannedRoute } from "../../cli/build/target.ts";

export interface RouteMatch {
  readonly paths: readonly string[];
  readonly regex_priority: number;
}

/** Exact paths go before every regex. */
const EXACT_PRIORITY = 1_000_000;

/** Kong's regexes are those of Rust's crate `regex`: these characters mean something there. */
function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\#&~-]/g, "\\$&");
}

function exactPath(value: string): string {
  return `~${escapeRegex(value)}$`;
}

function paths({ kind, value }: RoutePath): string[] {
  if (kind === "exact") return [exactPath(value)];
  // gateway.yaml's regexes begin with ^, which Kong adds itself.
  if (kind === "regex") return [`~${value.replace(/^\^/, "")}`];
  if (value === "/") return ["/"];
  // Kong cuts the part that matched: without its last slash the rest would not begin with one.
  return value.endsWith("/") ? [value] : [exactPath(value), `${value}/`];
}

/** The regex that is written first goes before the others. */
export function routeMatch(routes: readonly PlannedRoute[], planned: PlannedRoute): RouteMatch {
  const { path } = planned.route;
  const regexes = routes.filter(({ route }) => route.path.kind === "regex");
  const priority = path.kind === "regex" ? regexes.length - regexes.indexOf(planned) : EXACT_PRIORITY;
  return { paths: paths(path), regex_priority: priority };
}
