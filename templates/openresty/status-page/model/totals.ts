import { weighted } from "./history.ts";
import { entriesOf, type Status, type Traffic } from "./status.ts";

/** The figures of all routes together; latencies are those of the slowest route, since quantiles cannot be added. */
export function totalsOf(status: Status): Traffic {
  const routes = entriesOf(status.routes).map(([, route]) => route);
  const all = (name: keyof Traffic): number[] =>
    routes.map((route) => route[name]).filter((value) => value !== undefined);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const counted = routes.filter((route) => route.error_rate !== undefined);
  const rates = counted.map((route) => route.error_rate ?? null);
  const weights = counted.map((route) => route.rps ?? null);
  return {
    ...some("rps", all("rps"), sum),
    ...some("in_flight", all("in_flight"), sum),
    ...some("error_rate", all("error_rate"), () => weighted(rates, weights)),
    ...some("latency_p50", all("latency_p50"), (values) => Math.max(...values)),
    ...some("latency_p90", all("latency_p90"), (values) => Math.max(...values)),
    ...some("latency_p99", all("latency_p99"), (values) => Math.max(...values)),
  };
}

function some(name: keyof Traffic, values: readonly number[], merge: (values: readonly number[]) => number): Traffic {
  return values.length === 0 ? {} : { [name]: merge(values) };
}
