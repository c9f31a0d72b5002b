import { integerText } from "../_core/text.ts";
import type { ExpositionSink, Host, WorkerHost } from "../_kit/handlers.ts";
import type { Config, Statsd } from "./config.ts";
import { createPushTarget, FAILED_KEY, type PushTarget } from "./push-target.ts";
import type { FlushObserver } from "./series.ts";
import type { TokenSink } from "./tokens.ts";

/**
 * What `shared.ts` gives.
 * @noSelf
 */
export interface PushSource {
  observe(observer: FlushObserver): void;
  addFamily(write: (this: void, sink: ExpositionSink) => void): void;
  inFlight(kind: "route" | "upstream", name: string): number;
}

/**
 * Where the figures of one route go.
 * @noSelf
 */
export interface Push {
  /** Sends the tokens of answers too that `sink` counts. */
  tokens(sink: TokenSink): TokenSink;
}

interface Destination {
  readonly target: PushTarget;
  readonly bounds: readonly number[];
}

/** @noSelf */
interface Pushes {
  readonly targets: Record<string, PushTarget | undefined>;
  readonly byRoute: Record<string, Destination | undefined>;
  /** The one that was made last. */
  latest: Destination | undefined;
  open(statsd: Statsd): PushTarget;
}

function createPushes(worker: WorkerHost, source: PushSource): Pushes {
  const targets: Record<string, PushTarget | undefined> = {};
  const byRoute: Record<string, Destination | undefined> = {};
  const store = worker.store("autoscale_metrics");
  source.observe({
    series: (series) => {
      // What found no room among the series belongs to no route of the configuration.
      const destination = byRoute[series.labels.route] ?? pushes.latest;
      if (destination !== undefined) {
        destination.target.deltas.add(series, destination.bounds);
      }
    },
    done: () => {
      for (const key in targets) {
        targets[key]?.flushed();
      }
    },
  });
  source.addFamily((sink) => {
    const name = "gateway_metrics_push_failed";
    const failed = store.get(FAILED_KEY);
    const head = `# HELP ${name}${sink.openMetrics ? "" : "_total"} Datagrams to StatsD that did not leave the gateway.\n`;
    const type = `# TYPE ${name}${sink.openMetrics ? "" : "_total"} counter\n`;
    sink.write(`${head}${type}${name}_total ${integerText(typeof failed === "number" ? failed : 0)}\n`);
  });
  const pushes: Pushes = {
    targets,
    byRoute,
    latest: undefined,
    open: (statsd) => {
      const key = worker.json.encode([
        statsd.address,
        statsd.flavor,
        statsd.interval_seconds,
        statsd.prefix,
        statsd.mtu_bytes,
      ]);
      const target = targets[key] ?? createPushTarget(worker, statsd, (route) => source.inFlight("route", route));
      targets[key] = target;
      return target;
    },
  };
  return pushes;
}

/** Sends what is counted of the host's route to StatsD; undefined when the configuration does not want it. */
export function pushOf(config: Config, host: Host, source: PushSource): Push | undefined {
  const statsd = config.push.statsd;
  if (statsd === undefined) {
    return undefined;
  }
  const route = host.place.route;
  const pushes = host.shared("push", (worker) => createPushes(worker, source));
  const target = pushes.open(statsd);
  target.addRoute(route);
  const destination = { target, bounds: config.buckets };
  pushes.byRoute[route] = destination;
  pushes.latest = destination;
  return {
    tokens: (sink) => ({
      tokens: (upstream, extra, promptTokens, completionTokens) => {
        sink.tokens(upstream, extra, promptTokens, completionTokens);
        target.deltas.addTokens(route, upstream, extra, promptTokens, completionTokens);
      },
      unread: sink.unread,
    }),
  };
}
