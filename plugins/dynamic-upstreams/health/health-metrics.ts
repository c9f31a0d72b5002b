/** What health adds to an upstream's metrics: counters of all workers. */
import type { EmitMetric } from "../../_kit/handlers.ts";
import type { Store } from "../../_kit/ports.ts";
import type { Config } from "../config.ts";
import { healthKeys } from "./health-keys.ts";
import type { EjectionKind, HealthTotal } from "./health-totals.ts";

const KINDS: readonly EjectionKind[] = [
  "consecutive_errors",
  "consecutive_gateway_errors",
  "success_rate",
  "failure_rate",
];

/** @param store where the health of the upstream's peers lies */
export function emitHealth(upstream: string, config: Config["health"], store: Store, emit: EmitMetric): void {
  const keys = healthKeys(upstream);
  const total = (name: HealthTotal): number => {
    const value = store.get(keys.total(name));
    return typeof value === "number" ? value : 0;
  };
  if (config.passive !== undefined) {
    for (const kind of KINDS) {
      const help = "Ejections of peers, by what caused them.";
      emit("gateway_peer_ejections_total", "counter", help, { upstream, kind }, total(kind));
    }
    const help = "Ejections that were not made, since too many peers are ejected or no other takes requests.";
    emit("gateway_peer_ejections_refused_total", "counter", help, { upstream }, total("refused"));
  }
  if (config.active !== undefined) {
    const help = "Probes of peers, by how they went.";
    const name = "gateway_peer_probes_total";
    emit(name, "counter", help, { upstream, result: "success" }, total("probe_success"));
    emit(name, "counter", help, { upstream, result: "failure" }, total("probe_failure"));
  }
}
