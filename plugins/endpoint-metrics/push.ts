import { integerText } from "../_core/text.ts";
import type { ExpositionSink, Host, WorkerHost } from "../_kit/handlers.ts";
import type { Config, Statsd } from "./config.ts";
import { createPushTarget, FAILED_KEY, type PushTarget } from "./push-target.ts";
import type { FlushObserver, SeriesLabels } from "./series.ts";
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
  /** The instance is used no more: what it has counted until the next flush is still sent. */
  end(): void;
}

interface Destination {
  readonly target: PushTarget;
  readonly bounds: readonly number[];
  ended: boolean;
}

/** @noSelf */
interface Pushes {
  open(statsd: Statsd): PushTarget;
  add(route: string, destination: Destination): void;
  /** The instance of a destination is used no more. */
  end(route: string, destination: Destination): void;
}

function createPushes(worker: WorkerHost, source: PushSource): Pushes {
  const targets: Record<string, PushTarget | undefined> = {};
  const byRoute: Record<string, Destination | undefined> = {};
  const store = worker.store("autoscale_metrics");
  /** The one that was made last, of those that are used. */
  let latest: Destination | undefined;
  let hasEnded = false;

  /** What found no room among the series belongs to no route of the configuration: one takes it for all. */
  function destinationOf({ route, method }: SeriesLabels): Destination | undefined {
    return byRoute[route] ?? (route === "other" && method === "other" ? latest : undefined);
  }

  function dropEnded(): void {
    hasEnded = false;
    let left: Destination | undefined;
    for (const route in byRoute) {
      if (byRoute[route]?.ended === true) {
        byRoute[route] = undefined;
      } else {
        left = byRoute[route] ?? left;
      }
    }
    if (latest?.ended === true) {
      latest = left;
    }
  }

  source.observe({
    series: (series) => {
      const destination = destinationOf(series.labels);
      if (destination !== undefined) {
        destination.target.deltas.add(series, destination.bounds);
      }
    },
    done: () => {
      if (hasEnded) {
        dropEnded();
      }
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
  return {
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
    add: (route, destination) => {
      destination.target.addRoute(route);
      byRoute[route] = destination;
      latest = destination;
    },
    end: (route, destination) => {
      destination.ended = true;
      destination.target.dropRoute(route);
      hasEnded = true;
    },
  };
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
  const destination: Destination = { target, bounds: config.buckets, ended: false };
  pushes.add(route, destination);
  return {
    tokens: (sink) => ({
      tokens: (upstream, extra, promptTokens, completionTokens) => {
        sink.tokens(upstream, extra, promptTokens, completionTokens);
        target.deltas.addTokens(route, upstream, extra, promptTokens, completionTokens);
      },
      unread: sink.unread,
    }),
    end: () => {
      pushes.end(route, destination);
    },
  };
}
