/** What is kept over time of routes and upstreams: samples, windows, and how many replicas are wanted. */
import type { AdminResource, ExpositionSink, Host, WorkerHost } from "../_kit/handlers.ts";
import { integerText } from "../_core/text.ts";
import { writeAutoscale } from "./autoscale-lines.ts";
import type { Config } from "./config.ts";
import { createHistory, STEP_SECONDS } from "./history.ts";
import { autoscaleResource, routeResource, upstreamResource, type Observed } from "./resources.ts";
import { createScaler, type Scaler } from "./scaler.ts";
import { createScalers } from "./scalers.ts";
import type { Subject } from "./subject.ts";
import { createTotals, type Totals } from "./totals.ts";

/** What an instance watches. @noSelf */
export interface Watched {
  /** What people may look at. */
  readonly resources: readonly AdminResource[];
  /** The instance is used no more. */
  end(): void;
}

/** @noSelf */
export interface Upkeep {
  /** Sees all flushed series. */
  readonly totals: Totals;
  /** Begins to watch the route and the upstream of an instance. */
  place(config: Config, host: Host): Watched;
  /** Writes the families of autoscaling. */
  write(sink: ExpositionSink): void;
}

/** Requests under way in all workers: `kind` is `route` or `upstream`. */
export type InFlight = (this: void, kind: "route" | "upstream", name: string) => number;

/** What has been claimed for a step is forgotten after so long, … */
const CLAIM_SECONDS = 2 * STEP_SECONDS - 1;
/** … and its key serves again after so many steps: with a key for each step the dict would fill. */
const CLAIM_STEPS = 3;

function claimName(step: number): string {
  return integerText(step - CLAIM_STEPS * Math.floor(step / CLAIM_STEPS));
}

/** One for each worker; whichever worker comes first in a step takes a sample, of each route and upstream apart. */
export function createUpkeep(worker: WorkerHost, inFlight: InFlight): Upkeep {
  const store = worker.store("autoscale_metrics");
  const totals = createTotals(store);
  const history = createHistory(store, worker.json);
  const scalers = createScalers();
  let lastStep = 0;

  function inFlightOf(subject: Subject): number {
    const isRoute = subject.id.slice(0, 6) === "route:";
    return isRoute ? inFlight("route", subject.id.slice(6)) : inFlight("upstream", subject.id.slice(9));
  }

  /** A worker knows only the routes that it has met (Kong, APISIX), so each is claimed for itself. */
  function claim(step: string, what: string): boolean {
    return store.add(`step:${step}:${what}`, true, CLAIM_SECONDS);
  }

  function sampleAll(step: number, now: number): void {
    const name = claimName(step);
    const subjects = totals.subjects();
    // How many were taken in the last step, by all workers.
    const before = store.get(`taken:${claimName(step - 1)}`);
    const count = typeof before === "number" && before > subjects.length ? before : subjects.length;
    for (const subject of subjects) {
      if (claim(name, subject.key)) {
        const taken = store.incr(`taken:${name}`, 1, 0, CLAIM_SECONDS) ?? 1;
        history.take(subject, taken - 1, count, inFlightOf(subject), now);
      }
    }
    for (const upstream in scalers.current) {
      const scaler = scalers.current[upstream];
      if (scaler !== undefined && claim(name, `scale:${upstream}`)) {
        scaler.evaluate();
      }
    }
  }

  worker.timer.every(1, () => {
    const now = worker.clock.now();
    const step = Math.floor(now / STEP_SECONDS);
    if (step !== lastStep) {
      lastStep = step;
      sampleAll(step, now);
    }
  });

  function observed(kind: "route" | "upstream", name: string): Observed {
    const id = `${kind}:${name}`;
    return {
      bounds: () => totals.current(id)?.bounds ?? [],
      now: worker.clock.now,
      samples: () => {
        const subject = totals.current(id);
        return subject === undefined ? [] : history.samples(subject, worker.clock.now());
      },
      inFlight: () => inFlight(kind, name),
    };
  }

  function leave(subject: Subject): void {
    totals.leave(subject);
    if (subject.holders === 0) {
      history.forget(subject);
    }
  }

  /** What was decided is in the dict: a new one goes on with it. */
  function scalerOf({ autoscale }: Config, host: Host, { bounds, samples }: Observed): Scaler | undefined {
    if (autoscale === undefined) {
      return undefined;
    }
    const { clock, events, json } = worker;
    const { upstream } = host.place;
    const { peerCount } = host;
    const scaler = createScaler({
      upstream,
      config: autoscale,
      bounds,
      store,
      clock,
      events,
      json,
      peerCount,
      samples,
    });
    scalers.add(upstream, scaler);
    return scaler;
  }

  return {
    totals,
    place: (config, host) => {
      const { route, upstream } = host.place;
      const routeSubject = totals.watch(`route:${route}`, config.buckets);
      const upstreamSubject = totals.watch(`upstream:${upstream}`, config.buckets);
      const ofUpstream = observed("upstream", upstream);
      const own = scalerOf(config, host, ofUpstream);
      const scaler = (): Scaler | undefined => scalers.current[upstream];
      return {
        resources: [
          routeResource(route, observed("route", route)),
          upstreamResource(upstream, ofUpstream, scaler),
          autoscaleResource(upstream, ofUpstream, scaler),
        ],
        end: () => {
          leave(routeSubject);
          leave(upstreamSubject);
          if (own !== undefined) {
            scalers.drop(upstream, own);
          }
        },
      };
    },
    write: (sink) => {
      writeAutoscale(sink, scalers.current);
    },
  };
}
