/** Which routes a host sees, and which of two goes first. */
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";

const EXACT = 1000;

function matchRank(pattern: string, host: string): number {
  if (pattern === host) return EXACT;
  return pattern.startsWith("*.") && host.endsWith(pattern.slice(1)) ? pattern.length : -1;
}

/** How well a route fits a host: exact name, then the longest wildcard, then no host at all; -1: not. */
export function hostRank({ route: { hosts } }: PlannedRoute, host: string | undefined): number {
  if (hosts.length === 0) return 0;
  return host === undefined ? -1 : Math.max(...hosts.map((pattern) => matchRank(pattern, host)));
}

/** The routes a host sees, the best fitting first; undefined: a host that no route names. */
export function routesOfHost(plan: Plan, host: string | undefined): PlannedRoute[] {
  return plan.routes
    .filter((planned) => hostRank(planned, host) >= 0)
    .sort((a, b) => hostRank(b, host) - hostRank(a, host));
}
