/** What is kept over time of routes and upstreams: samples, windows, and how many replicas are wanted. */
import type { AdminResource, ExpositionSink, Host, WorkerHost } from "../_kit/handlers.ts";
import { integerText } from "../_core/text.ts";
import type { Config } from "./config.ts";
import { createHistory, STEP_SECONDS } from "./history.ts";
import { autoscaleResource, routeResource, upstreamResource, type Observed } from "./resources.ts";
import { createScaler, type Scaler } from "./scaler.ts";
import { createTotals, type Subject, type Totals } from "./totals.ts";

/** @noSelf */
export interface Upkeep {
  /** Sees all flushed series. */
  readonly totals: Totals;
  /** Begins to watch the route and the upstream of an instance. @returns what people may look at */
  place(config: Config, host: Host): readonly AdminResource[];
  /** Writes the families of autoscaling. */
  write(sink: ExpositionSink): void;
}

/** Requests under way in all workers: `kind` is `route` or `upstream`. */
export type InFlight = (this: void, kind: "route" | "upstream", name: string) => number;

function gauge(sink: ExpositionSink, name: string, help: string, lines: readonly string[]): void {
  if (lines.length > 0) {
    sink.write(`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`);
    for (const line of lines) {
      sink.write(`${name}${line}\n`);
    }
  }
}

/** One for each worker; one of the workers takes the samples for all, whichever comes first in a step. */
export function createUpkeep(worker: WorkerHost, inFlight: InFlight): Upkeep {
  const store = worker.store("autoscale_metrics");
  const totals = createTotals(store);
  const history = createHistory(store, worker.json);
  const scalers: Record<string, Scaler | undefined> = {};
  let step = 0;

  function inFlightOf(subject: Subject): number {
    const isRoute = subject.id.slice(0, 6) === "route:";
    return isRoute ? inFlight("route", subject.id.slice(6)) : inFlight("upstream", subject.id.slice(9));
  }

  function tick(): void {
    const now = worker.clock.now();
    const current = Math.floor(now / STEP_SECONDS);
    if (current === step) {
      return;
    }
    step = current;
    if (!store.add(`step:${integerText(current)}`, true, 2 * STEP_SECONDS)) {
      return;
    }
    const subjects = totals.subjects();
    for (let i = 0; i < subjects.length; i++) {
      const subject = subjects[i];
      if (subject !== undefined) {
        history.take(subject, i, subjects.length, inFlightOf(subject), now);
      }
    }
    for (const upstream in scalers) {
      scalers[upstream]?.evaluate();
    }
  }

  worker.timer.every(1, tick);

  function observe(kind: "route" | "upstream", name: string, bounds: readonly number[]): Observed {
    const id = `${kind}:${name}`;
    const subject = totals.watch(id, bounds);
    return {
      bounds: subject.bounds,
      now: worker.clock.now,
      samples: () => history.samples(subject, worker.clock.now()),
      inFlight: () => inFlight(kind, name),
    };
  }

  function scalerOf(config: Config, host: Host, observed: Observed): Scaler | undefined {
    const upstream = host.place.upstream;
    // A new instance may bring a new configuration; what was decided is in the dict.
    if (config.autoscale !== undefined) {
      scalers[upstream] = createScaler({
        upstream,
        config: config.autoscale,
        bounds: observed.bounds,
        store,
        clock: worker.clock,
        events: worker.events,
        json: worker.json,
        peerCount: host.peerCount,
        samples: observed.samples,
      });
    }
    return scalers[upstream];
  }

  return {
    totals,
    place: (config, host) => {
      const { route, upstream } = host.place;
      const ofRoute = observe("route", route, config.buckets);
      const ofUpstream = observe("upstream", upstream, config.buckets);
      const scaler = scalerOf(config, host, ofUpstream);
      return [
        routeResource(route, ofRoute),
        upstreamResource(upstream, ofUpstream, scaler),
        autoscaleResource(upstream, ofUpstream, scaler),
      ];
    },
    write: (sink) => {
      const desired: string[] = [];
      const present: string[] = [];
      for (const upstream in scalers) {
        const last = scalers[upstream]?.last();
        if (last !== undefined) {
          desired.push(`{upstream="${upstream}"} ${integerText(last.desired)}`);
          present.push(`{upstream="${upstream}"} ${integerText(last.replicas)}`);
        }
      }
      gauge(sink, "gateway_autoscale_desired_replicas", "Replicas that the upstream should have.", desired);
      gauge(sink, "gateway_autoscale_replicas", "Replicas that the upstream has, as far as is known.", present);
    },
  };
}
