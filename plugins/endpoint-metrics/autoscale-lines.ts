import { escapedLabel } from "../_core/label-text.ts";
import type { ExpositionSink } from "../_kit/handlers.ts";
import { headOf, sample } from "./family-lines.ts";
import type { Scaler } from "./scaler.ts";

function write(sink: ExpositionSink, name: string, help: string, parts: string[]): void {
  if (parts.length > 0) {
    sink.write(headOf(sink, name, "gauge", help));
    sink.pieces(parts);
  }
}

/** The metric families of autoscaling. */
export function writeAutoscale(sink: ExpositionSink, scalers: Readonly<Record<string, Scaler | undefined>>): void {
  const desired: string[] = [];
  const present: string[] = [];
  for (const upstream in scalers) {
    const last = scalers[upstream]?.last();
    if (last !== undefined) {
      const labels = `upstream="${escapedLabel(upstream)}"`;
      sample(desired, "gateway_autoscale_desired_replicas", labels, last.desired);
      sample(present, "gateway_autoscale_replicas", labels, last.replicas);
    }
  }
  write(sink, "gateway_autoscale_desired_replicas", "Replicas that the upstream should have.", desired);
  write(sink, "gateway_autoscale_replicas", "Replicas that the upstream has, as far as is known.", present);
}
