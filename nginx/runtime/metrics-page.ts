/** `GET /metrics`: what the host knows of itself, then every plugin's figures, then the expositions that plugins share. */
import type { Exposition } from "../../plugins/_kit/handlers.ts";
import type { Store } from "../../plugins/_kit/ports.ts";
import { send } from "./admin-answers.ts";
import { recordFault } from "./faults.ts";
import type { Instance } from "./instance.ts";
import { OPEN_METRICS_TYPE, TEXT_TYPE, wantsOpenMetrics } from "./metrics-format.ts";
import { metricsStream } from "./metrics-stream.ts";
import { type MetricsText, metricsText } from "./metrics-text.ts";
import { emitNode } from "./node-figures.ts";

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

function emitOwn(sources: MetricsSources, emit: MetricsText["emit"]): void {
  emitNode(sources.version, sources.plugins(), sources.store, emit);
  if (sources.metrics !== undefined) {
    sources.metrics(emit);
  }
}

/** What plugins emit one by one; returns each exposition once, with the plugin it is of. */
function emitPlugins(sources: MetricsSources, emit: MetricsText["emit"]): LuaMap<Exposition, string> {
  const expositions = new LuaMap<Exposition, string>();
  for (const { handlers, plugin } of sources.instances()) {
    if (handlers.metrics !== undefined) {
      const [ok, thrown] = pcall(handlers.metrics, emit);
      if (!ok) {
        recordFault(sources.store, plugin, "metrics", thrown);
      }
    }
    if (handlers.exposition !== undefined) {
      expositions.set(handlers.exposition, plugin);
    }
  }
  return expositions;
}

/**
 * Answers the request being handled, in a content phase: expositions are written in pieces, other requests go on between
 * them. A family belongs either to what is emitted or to one exposition; nobody looks for one that comes twice.
 */
export function metricsPage(sources: MetricsSources): void {
  const openMetrics = wantsOpenMetrics(ngx.var.http_accept);
  const { emit, render } = metricsText(openMetrics);
  emitOwn(sources, emit);
  const expositions = emitPlugins(sources, emit);
  const contentType = openMetrics ? OPEN_METRICS_TYPE : TEXT_TYPE;
  const tail = openMetrics ? "# EOF\n" : "";
  ngx.header["Vary"] = "Accept";
  if (next(expositions)[0] === undefined) {
    send(200, contentType, render() + tail);
    return;
  }
  ngx.header["Content-Type"] = contentType;
  ngx.header["Cache-Control"] = "no-store";
  ngx.header["X-Content-Type-Options"] = "nosniff";
  if (ngx.req.get_method() !== "HEAD") {
    ngx.print(render());
    const stream = metricsStream(openMetrics);
    for (const [exposition, plugin] of expositions) {
      stream.write(exposition, (thrown) => {
        recordFault(sources.store, plugin, "metrics", thrown);
      });
    }
    stream.finish(tail);
  }
  ngx.exit(ngx.HTTP_OK);
}
