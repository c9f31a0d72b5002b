/** `GET /metrics`: what the host knows of itself, then every plugin's figures. */
import type { Store } from "../../plugins/_kit/ports.ts";
import { send } from "./admin-answers.ts";
import { faultKey } from "./faults.ts";
import type { Instance } from "./instance.ts";
import { type MetricsText, metricsText } from "./metrics-text.ts";

/** What the page is made from; lists are asked for at each scrape. */
export interface MetricsSources {
  readonly version: string;
  /** Those at work in this worker. */
  readonly instances: (this: void) => readonly Instance[];
  readonly store: Store;
  /** Names of all plugins whose errors are counted. */
  readonly plugins: (this: void) => readonly string[];
  /** Figures of the host itself. */
  readonly metrics?: (this: void, emit: MetricsText["emit"]) => void;
}

export function metricsPage(sources: MetricsSources): void {
  const { emit, render } = metricsText();
  emit("gateway_info", "gauge", "The gateway's version.", { version: sources.version }, 1);
  for (const state of ["active", "reading", "writing", "waiting"]) {
    const value = tonumber(ngx.var[`connections_${state}`]);
    if (value !== undefined) {
      emit("gateway_connections", "gauge", "Client connections of the node by state.", { state }, value);
    }
  }
  for (const plugin of sources.plugins()) {
    const help = "Errors thrown by a plugin; the request went on without it.";
    emit(
      "gateway_plugin_errors_total",
      "counter",
      help,
      { plugin },
      tonumber(sources.store.get(faultKey(plugin))) ?? 0,
    );
  }
  if (sources.metrics !== undefined) {
    sources.metrics(emit);
  }
  for (const { handlers, plugin } of sources.instances()) {
    if (handlers.metrics !== undefined) {
      const [ok, problem] = pcall(handlers.metrics, emit);
      if (!ok) {
        ngx.log(ngx.ERR, "[autoscale] metrics of plugin ", plugin, " failed: ", tostring(problem));
      }
    }
  }
  send(200, "text/plain; version=0.0.4; charset=utf-8", render());
}
