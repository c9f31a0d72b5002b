import { desiredReplicas, type ScalingRule } from "../_core/desired-replicas.ts";
import { integerText } from "../_core/text.ts";
import type { Clock, Events, Json, JsonValue, Store } from "../_kit/ports.ts";
import type { Autoscale } from "./config.ts";
import { figuresOf, meanInFlight, type Sample } from "./figures.ts";
import { pairsOf, stateOf, type Stored } from "./scaler-state.ts";

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
  /** Of the samples. */
  readonly bounds: (this: void) => readonly number[];
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
  /** Undefined before the first evaluation, and where there is a problem. */
  last(): Evaluation | undefined;
  /** Why it cannot say anything, as a short English sentence. */
  problem(): string | undefined;
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

/** The metric that is compared with the target; undefined while it is not known. */
function valueOf(settings: ScalerSettings): number | undefined {
  const { metric, window_seconds: windowSeconds } = settings.config;
  const samples = settings.samples();
  const figures = figuresOf(samples, settings.bounds(), windowSeconds);
  if (figures === undefined) {
    return undefined;
  }
  if (metric === "in_flight") {
    return meanInFlight(samples, windowSeconds);
  }
  return metric === "rps" ? figures.rps : figures.p99;
}

const BLIND = "how many replicas there are is not known here, and latency_p99 needs it: set autoscale.replicas";

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

  function counted(): number | undefined {
    return config.replicas ?? settings.peerCount();
  }

  /** What each replica shows says nothing of how many there are: with its own last wish for a count it would run away. */
  function isBlind(): boolean {
    return rule.per === "each" && counted() === undefined;
  }

  return {
    config,
    evaluate: () => {
      if (isBlind()) {
        return;
      }
      const stored = read();
      const now = settings.clock.now();
      const replicas = counted() ?? (stored === undefined ? config.min : stored.desired);
      const value = valueOf(settings);
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
      const stored = isBlind() ? undefined : read();
      if (stored === undefined) {
        return undefined;
      }
      const { desired, recommended, reason, replicas, value } = stored;
      return { desired, recommended, reason, replicas, value };
    },
    problem: () => (isBlind() ? BLIND : undefined),
  };
}
