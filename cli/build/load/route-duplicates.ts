import type { Route } from "../model.ts";
import type { Report } from "./found-problem.ts";

/** Every route has its own name, and no request may match two routes equally well. */
export function reportRouteDuplicates(routes: readonly Route[], report: Report): void {
  const names = new Map<string, number>();
  const matches = new Map<string, number>();
  routes.forEach((route, index) => {
    const sameName = names.get(route.name);
    if (sameName !== undefined) {
      const message = `found "${route.name}", the name of routes[${sameName}] too`;
      const remedy = "Metrics and state are keyed by the name: give each route its own.";
      report({ code: "E_ROUTE_DUPLICATE", keys: ["routes", index, "name"], message, remedy });
    }
    names.set(route.name, sameName ?? index);
    const same = matchesOf(route)
      .map((match) => matches.get(match))
      .find((other) => other !== undefined);
    if (same !== undefined) {
      const message = `found the host, path and method of routes[${same}] too`;
      const remedy = "Only the first one would ever be used: change or remove one of them.";
      report({ code: "E_ROUTE_DUPLICATE", keys: ["routes", index], message, remedy });
    }
    for (const match of matchesOf(route)) matches.set(match, matches.get(match) ?? index);
  });
}

/** One text for each host and method; a route for every host or method is told apart from one that names it. */
function matchesOf({ hosts, methods, path }: Route): readonly string[] {
  const allHosts = hosts.length === 0 ? [""] : [...new Set(hosts)];
  const allMethods = methods.length === 0 ? [""] : methods;
  return allHosts.flatMap((host) => allMethods.map((method) => `${host} ${method} ${path.kind} ${path.value}`));
}
