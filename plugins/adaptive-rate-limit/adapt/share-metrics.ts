import type { EmitMetric } from "../../_kit/handlers.ts";
import type { ShareView } from "./share-view.ts";

/** How much of its limits a route gives, and the signs that decide it. */
export function emitShare(emit: EmitMetric, route: string, view: ShareView, replicas: number): void {
  const share = "Share of its limits that a route gives under stress, 1 when it is calm.";
  emit("gateway_rate_limit_share_ratio", "gauge", share, { route }, view.share());
  const sign =
    "Signs of stress of a route's limits, smoothed and divided by their thresholds, at most 2: from 1 on it is stress.";
  const { signals } = view.state();
  for (const signal in signals) {
    const state = signals[signal];
    if (state !== undefined) {
      emit("gateway_rate_limit_signal_ratio", "gauge", sign, { route, signal }, state.ratio);
    }
  }
  const gateways = "Gateways that share the limits of a route while their state is local.";
  emit("gateway_rate_limit_replicas", "gauge", gateways, { route }, replicas);
}
