/** What the charts show: the gateway's own history, or what this page has seen itself where the gateway gives none. */
import { listOf, type RouteStatus, type Series, type Traffic } from "./status.ts";

/** Values that a chart holds, as many as the gateway keeps. */
export const SLOTS = 60;

export const CHARTED = ["rps", "error_rate", "latency_p50", "latency_p90", "latency_p99"] as const;
export type Charted = (typeof CHARTED)[number];
export type Trail = Readonly<Record<Charted, Series>>;

const EMPTY: Trail = { rps: [], error_rate: [], latency_p50: [], latency_p90: [], latency_p99: [] };

function each(make: (name: Charted) => Series): Trail {
  return Object.fromEntries(CHARTED.map((name) => [name, make(name)])) as Record<Charted, Series>;
}

/**
 * The trail of one route after another look at the gateway. Its own history is taken as it is: the present figures are means over
 * a longer time than a step, and would look like a change. Without a history they are remembered, a step at each look.
 */
export function nextTrail(before: Trail | undefined, route: RouteStatus): Trail {
  const { history } = route;
  if (history !== undefined) return each((name) => listOf(history[name]).slice(-SLOTS));
  if (before === undefined && !hasFigures(route)) return EMPTY;
  return each((name) => [...(before ?? EMPTY)[name], route[name] ?? null].slice(-SLOTS));
}

export function hasFigures(traffic: Traffic): boolean {
  return CHARTED.some((name) => traffic[name] !== undefined) || traffic.in_flight !== undefined;
}

/**
 * Over all routes: rates add up, errors weigh by the route's rate, of the latencies the worst is shown. The newest values
 * line up, whatever the trails' lengths.
 */
export function sumTrails(trails: readonly Trail[]): Trail {
  const length = Math.max(0, ...trails.map((trail) => trail.rps.length));
  const at = (trail: Trail, name: Charted, index: number): number | null =>
    trail[name][trail[name].length - length + index] ?? null;
  const merged = (merge: (name: Charted, index: number) => number | null) =>
    each((name) => Array.from({ length }, (_, index) => merge(name, index)));
  return merged((name, index) => {
    const values = trails.map((trail) => at(trail, name, index));
    const present = values.filter((value) => value !== null);
    if (present.length === 0) return null;
    if (name === "rps") return present.reduce((sum, value) => sum + value, 0);
    if (name !== "error_rate") return Math.max(...present);
    return weighted(
      values,
      trails.map((trail) => at(trail, "rps", index)),
    );
  });
}

/** The mean of the values, weighed; of no weight at all, the plain zero of nothing having happened. */
export function weighted(values: Series, weights: Series): number {
  let sum = 0;
  let total = 0;
  for (const [index, value] of values.entries()) {
    const weight = weights[index] ?? 0;
    sum += (value ?? 0) * weight;
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}
