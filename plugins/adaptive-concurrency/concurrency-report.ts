/** A limit as people and scrapers see it. */
import type { AdminResource, EmitMetric } from "../_kit/handlers.ts";
import type { LimitCell } from "./limit-cell.ts";
import { inFlightOf } from "./places.ts";
import { readPublished } from "./published.ts";
import { emitResults, totalOf } from "./results.ts";

/** Figures are of all workers; counts of requests are a second old. */
export function concurrencyResource(cell: LimitCell, shadow: boolean): AdminResource {
  return {
    collection: "concurrency",
    id: cell.id,
    get: () => {
      const { state, latencySeconds, told } = readPublished(cell);
      const { min, max, initial } = cell.config.limit;
      return {
        limit: cell.limit,
        in_flight: inFlightOf(cell),
        reason: state.reason,
        algorithm: cell.config.algorithm,
        initial,
        min,
        max,
        latency_seconds: latencySeconds,
        baseline_seconds: state.baselineSeconds,
        probing: state.probe !== "none",
        shedding: told.isShedding,
        admitted: totalOf(cell, "admitted"),
        queued: totalOf(cell, "queued"),
        shed: totalOf(cell, "shed"),
        would_shed: totalOf(cell, "would_shed"),
        shadow,
      };
    },
  };
}

export function emitConcurrency(cell: LimitCell, emit: EmitMetric): void {
  const { state, latencySeconds } = readPublished(cell);
  const labels = { concurrency: cell.id };
  emit("gateway_concurrency_limit", "gauge", "Requests that may be under way at once.", labels, cell.limit);
  emit("gateway_concurrency_in_flight", "gauge", "Requests under way in all workers.", labels, inFlightOf(cell));
  const latency = "Mean time of the upstream, as the limit last saw it.";
  emit("gateway_concurrency_latency_seconds", "gauge", latency, labels, latencySeconds);
  const baseline = "Time of the upstream without load, as far as it is known.";
  emit("gateway_concurrency_baseline_seconds", "gauge", baseline, labels, state.baselineSeconds);
  emitResults(cell, emit);
}
