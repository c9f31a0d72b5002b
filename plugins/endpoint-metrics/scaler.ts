import { desiredReplicas, firstScalingState, type ScalingRule, type ScalingState } from "../_core/desired-replicas.ts";
import type { Dated } from "../_core/window-extreme.ts";
import { integerText } from "../_core/text.ts";
import type { Clock, Events, Json, JsonValue, Store } from "../_kit/ports.ts";
import type { Autoscale } from "./config.ts";
import { figuresOf, meanInFlight, type Sample } from "./figures.ts";

/** What the last evaluation found, as any worker reads it. */
export interface Evaluation {
  readonly desired: number;
  readonly recommended: number;
  readonly reason: string;
  readonly replicas: number;
  readonly value: number | undefined;
}

export interface ScalerSettings {
  readonly upstream: string;
  readonly config: Autoscale;
  readonly bounds: readonly number[];
  readonly store: Store;
  readonly clock: Clock;
  readonly events: Events;
  readonly json: Json;
  /** How many peers there are now, if the host can tell. */
  readonly peerCount: (this: void) => number | undefined;
  readonly samples: (this: void) => readonly Sample[];
}

/** @noSelf */
export interface Scaler {
  readonly config: Autoscale;
  /** Decides anew and publishes it. One worker does it for all, after each sample. */
  evaluate(): void;
  /** Undefined before the first evaluation. */
  last(): Evaluation | undefined;
}

/** As it lies in the dict. */
interface Stored {
  readonly desired: number;
  readonly changed: number;
  readonly direction: number;
  readonly lowest: readonly (readonly number[])[];
  readonly highest: readonly (readonly number[])[];
  readonly recommended: number;
  readonly reason: string;
  readonly replicas: number;
  readonly value?: number;
}

function ruleOf(config: Autoscale): ScalingRule {
  return {
    per: config.metric === "latency_p99" ? "each" : "total",
    target: config.target,
    min: config.min,
    max: config.max,
    tolerance: config.tolerance,
    upStabilizationSeconds: config.scale_up_stabilization_seconds,
    downStabilizationSeconds: config.scale_down_stabilization_seconds,
    cooldownSeconds: config.cooldown_seconds,
  };
}

function pairsOf(queue: readonly Dated[]): (readonly number[])[] {
  const pairs: (readonly number[])[] = [];
  for (const entry of queue) {
    pairs.push([entry.value, entry.atSeconds]);
  }
  return pairs;
}

function queueOf(pairs: readonly (readonly number[])[]): Dated[] {
  const queue: Dated[] = [];
  for (const pair of pairs) {
    queue.push({ value: pair[0] ?? 0, atSeconds: pair[1] ?? 0 });
  }
  return queue;
}

function stateOf(stored: Stored | undefined): ScalingState {
  if (stored === undefined) {
    return firstScalingState();
  }
  return {
    desired: stored.desired,
    changedAtSeconds: stored.changed,
    direction: stored.direction,
    lowest: queueOf(stored.lowest),
    highest: queueOf(stored.highest),
  };
}

/** The metric that is compared with the target; undefined while it is not known. */
function valueOf(settings: ScalerSettings): number | undefined {
  const { metric, window_seconds: windowSeconds } = settings.config;
  const samples = settings.samples();
  const figures = figuresOf(samples, settings.bounds, windowSeconds);
  if (figures === undefined) {
    return undefined;
  }
  if (metric === "in_flight") {
    return meanInFlight(samples, windowSeconds);
  }
  return metric === "rps" ? figures.rps : figures.p99;
}

function replicasText(count: number): string {
  return count === 1 ? "1 replica" : `${integerText(count)} replicas`;
}

/** How many replicas an upstream should have; its state is in the dict, so that any worker can go on with it. */
export function createScaler(settings: ScalerSettings): Scaler {
  const { config, store, json, upstream } = settings;
  const rule = ruleOf(config);
  const key = `a:${upstream}`;

  function read(): Stored | undefined {
    const text = store.get(key);
    return typeof text === "string" ? (json.decode(text) as Stored | undefined) : undefined;
  }

  function tell(before: number, after: number, reason: string, inputs: Record<string, number>): void {
    settings.events.emit({
      plugin: "endpoint-metrics",
      subject: `upstream:${upstream}`,
      from: replicasText(before),
      to: replicasText(after),
      reason,
      inputs,
    });
  }

  return {
    config,
    evaluate: () => {
      const stored = read();
      const now = settings.clock.now();
      const value = valueOf(settings);
      const replicas = config.replicas ?? settings.peerCount() ?? (stored === undefined ? config.min : stored.desired);
      const { state, recommended, desired, reason } = desiredReplicas(rule, stateOf(stored), value, replicas, now);
      const written: Record<string, JsonValue | undefined> = {
        desired,
        changed: state.changedAtSeconds,
        direction: state.direction,
        lowest: pairsOf(state.lowest),
        highest: pairsOf(state.highest),
        recommended,
        reason,
        replicas,
        value,
      };
      store.set(key, json.encode(written), 86400);
      if (stored !== undefined && stored.desired !== desired && value !== undefined) {
        tell(stored.desired, desired, reason, { value, target: config.target, replicas });
      }
    },
    last: () => {
      const stored = read();
      if (stored === undefined) {
        return undefined;
      }
      const { desired, recommended, reason, replicas, value } = stored;
      return { desired, recommended, reason, replicas, value };
    },
  };
}
