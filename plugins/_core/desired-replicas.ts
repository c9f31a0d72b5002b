import { extremeOf, withValue, type Dated } from "./window-extreme.ts";

/** What the autoscaler is told to do. Times in seconds. */
interface ScalingRule {
  /** `total`: the metric is the sum over all replicas; `each`: it is what every replica shows, such as a latency. */
  readonly per: "total" | "each";
  /** What one replica bears, above 0. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  /** Share of the target that is near enough: 0.1. */
  readonly tolerance: number;
  readonly upStabilizationSeconds: number;
  readonly downStabilizationSeconds: number;
  readonly cooldownSeconds: number;
}

interface ScalingState {
  /** Undefined before the first sample. */
  readonly desired: number | undefined;
  readonly changedAtSeconds: number;
  /** 1: the last change was up, -1: down, 0: there was none. */
  readonly direction: number;
  /** Recommendations of the last seconds that can still hold a change back. */
  readonly lowest: readonly Dated[];
  readonly highest: readonly Dated[];
}

interface Scaling {
  readonly state: ScalingState;
  /** What the formula alone asks for, within `min` and `max`. */
  readonly recommended: number;
  readonly desired: number;
  /** A short English sentence. */
  readonly reason: string;
}

function firstScalingState(): ScalingState {
  return { desired: undefined, changedAtSeconds: 0, direction: 0, lowest: [], highest: [] };
}

function firstWith(replicas: number, nowSeconds: number): ScalingState {
  const seen = [{ value: replicas, atSeconds: nowSeconds }];
  return { desired: replicas, changedAtSeconds: 0, direction: 0, lowest: seen, highest: seen };
}

function within(value: number, low: number, high: number): number {
  if (value < low) {
    return low;
  }
  return value > high ? high : value;
}

/**
 * The formula of Kubernetes' HorizontalPodAutoscaler: `ceil(replicas * value / target)`, and no change while
 * `|ratio - 1| <= tolerance` (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale, "Algorithm details").
 * Without replicas there is no ratio: a total is divided by what one bears.
 */
function formula(rule: ScalingRule, value: number, replicas: number): number {
  if (replicas <= 0) {
    return rule.per === "total" ? Math.ceil(value / rule.target) : rule.min;
  }
  const share = rule.per === "total" ? value / replicas : value;
  const ratio = share / rule.target;
  if (Math.abs(ratio - 1) <= rule.tolerance) {
    return replicas;
  }
  // Less the rounding of the two divisions: 3 replicas' worth must not become 4.
  return Math.ceil(ratio * replicas - 1e-9);
}

/**
 * How many replicas there should be. `next(state, sample, now)`: pure.
 * Stabilization as Kubernetes': up goes only to the lowest recommendation of the up window, down only to the highest of
 * the down window. Cooldown: after a change none in the other direction.
 * @param value the metric, 0 or more; undefined when it is not known: everything stays as it is
 * @param replicas how many there are now, 0 or more
 */
function desiredReplicas(
  rule: ScalingRule,
  state: ScalingState,
  value: number | undefined,
  replicas: number,
  nowSeconds: number,
): Scaling {
  const current = within(state.desired ?? replicas, rule.min, rule.max);
  if (state.desired === undefined) {
    // What there is at the start counts as recommended, as in Kubernetes: a gateway that begins takes nothing away at once.
    state = firstWith(current, nowSeconds);
  }
  if (value === undefined) {
    const reason = "the metric is not known: nothing is changed";
    const { changedAtSeconds, direction, lowest, highest } = state;
    const kept = { desired: current, changedAtSeconds, direction, lowest, highest };
    return { state: kept, recommended: current, desired: current, reason };
  }
  const asked = formula(rule, value, replicas);
  const recommended = within(asked, rule.min, rule.max);
  const lowest = withValue(state.lowest, recommended, nowSeconds, rule.upStabilizationSeconds, false);
  const highest = withValue(state.highest, recommended, nowSeconds, rule.downStabilizationSeconds, true);
  const up = extremeOf(lowest) ?? recommended;
  const down = extremeOf(highest) ?? recommended;
  let desired = current;
  let reason = "the metric is near its target";
  if (up > current) {
    desired = up;
    reason = "the metric is above its target";
  } else if (down < current) {
    desired = down;
    reason = "the metric is below its target";
  } else if (recommended > current) {
    reason = "more are asked for, but not yet throughout the stabilization window";
  } else if (recommended < current) {
    reason = "fewer are asked for, but not yet throughout the stabilization window";
  } else if (asked > rule.max) {
    reason = "the metric is above its target, but max is reached";
  } else if (asked < rule.min) {
    reason = "the metric is below its target, but min is reached";
  }
  const direction = desired > current ? 1 : -1;
  const cooling = nowSeconds - state.changedAtSeconds < rule.cooldownSeconds;
  if (desired !== current && cooling && state.direction === -direction) {
    desired = current;
    reason = "the last change was in the other direction, and the cooldown is not over";
  }
  const changed = desired !== current;
  return {
    state: {
      desired,
      changedAtSeconds: changed ? nowSeconds : state.changedAtSeconds,
      direction: changed ? direction : state.direction,
      lowest,
      highest,
    },
    recommended,
    desired,
    reason,
  };
}

export { desiredReplicas, firstScalingState };
export type { Scaling, ScalingRule, ScalingState };
