import type { AdminResource } from "../_kit/handlers.ts";
import type { JsonValue } from "../_kit/ports.ts";
import { figuresBetween, figuresOf, type Figures, type Sample } from "./figures.ts";
import { KEPT_SAMPLES, STEP_SECONDS } from "./history.ts";
import type { Scaler } from "./scaler.ts";

/** People and dashboards are shown the last minute; an upstream with `autoscale` its own window. */
const WINDOW_SECONDS = 60;

/** What the resources look into. */
export interface Observed {
  readonly bounds: (this: void) => readonly number[];
  readonly now: (this: void) => number;
  readonly samples: (this: void) => readonly Sample[];
  /** Requests under way at this moment, in all workers. */
  readonly inFlight: (this: void) => number;
}

/** The upstream's scaler, when its routes ask for one. */
type CurrentScaler = (this: void) => Scaler | undefined;

type Fields = Record<string, JsonValue | undefined>;

function put(fields: Fields, figures: Figures | undefined): void {
  if (figures !== undefined) {
    fields["rps"] = figures.rps;
    fields["error_rate"] = figures.errorRate;
    fields["latency_p50"] = figures.p50;
    fields["latency_p90"] = figures.p90;
    fields["latency_p99"] = figures.p99;
  }
}

/** One value for each step, oldest first; a step without requests has latency 0. */
function historyOf(samples: readonly Sample[], bounds: readonly number[]): Fields {
  const rps: number[] = [];
  const errorRate: number[] = [];
  const p50: number[] = [];
  const p90: number[] = [];
  const p99: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const before = samples[i - 1];
    const after = samples[i];
    const figures = before === undefined || after === undefined ? undefined : figuresBetween(before, after, bounds);
    rps.push(figures === undefined ? 0 : figures.rps);
    errorRate.push(figures === undefined ? 0 : figures.errorRate);
    p50.push(figures?.p50 ?? 0);
    p90.push(figures?.p90 ?? 0);
    p99.push(figures?.p99 ?? 0);
  }
  return {
    step_seconds: STEP_SECONDS,
    kept: KEPT_SAMPLES - 1,
    rps,
    error_rate: errorRate,
    latency_p50: p50,
    latency_p90: p90,
    latency_p99: p99,
  };
}

/** A route on `GET /status`, with its last five minutes. */
export function routeResource(route: string, observed: Observed): AdminResource {
  return {
    collection: "routes",
    id: route,
    get: () => {
      const samples = observed.samples();
      const fields: Fields = { in_flight: observed.inFlight() };
      put(fields, figuresOf(samples, observed.bounds(), WINDOW_SECONDS));
      fields["history"] = historyOf(samples, observed.bounds());
      return fields;
    },
  };
}

/** An upstream on `GET /status`. */
export function upstreamResource(upstream: string, observed: Observed, scaler: CurrentScaler): AdminResource {
  return {
    collection: "upstreams",
    id: upstream,
    get: () => {
      const fields: Fields = { in_flight: observed.inFlight() };
      put(fields, figuresOf(observed.samples(), observed.bounds(), WINDOW_SECONDS));
      const current = scaler();
      const last = current?.last();
      fields["desired_replicas"] = last?.desired;
      fields["reason"] = last?.reason ?? current?.problem();
      return fields;
    },
  };
}

/** `GET /autoscale/<upstream>`: flat, so that KEDA's metrics-api scaler can name any field as `valueLocation`. */
export function autoscaleResource(upstream: string, observed: Observed, scaler: CurrentScaler): AdminResource {
  return {
    collection: "autoscale",
    id: upstream,
    get: () => {
      const current = scaler();
      const config = current?.config;
      const windowSeconds = config === undefined ? WINDOW_SECONDS : config.window_seconds;
      const fields: Fields = {
        upstream,
        time: observed.now(),
        window_seconds: windowSeconds,
        // Numbers even without traffic: a scaler that finds no number fails.
        rps: 0,
        error_rate: 0,
        in_flight: observed.inFlight(),
      };
      put(fields, figuresOf(observed.samples(), observed.bounds(), windowSeconds));
      fields["latency_p50"] = fields["latency_p50"] ?? 0;
      fields["latency_p90"] = fields["latency_p90"] ?? 0;
      fields["latency_p99"] = fields["latency_p99"] ?? 0;
      fields["reason"] = current?.problem();
      const last = current?.last();
      if (config !== undefined && last !== undefined) {
        fields["metric"] = config.metric;
        fields["target"] = config.target;
        fields["value"] = last.value;
        fields["replicas"] = last.replicas;
        fields["min_replicas"] = config.min;
        fields["max_replicas"] = config.max;
        fields["recommended_replicas"] = last.recommended;
        fields["desired_replicas"] = last.desired;
        fields["reason"] = last.reason;
      }
      return fields;
    },
  };
}
