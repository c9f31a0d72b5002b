import type { NodeLoad } from "../../_kit/ports.ts";
import type { AdaptConfig } from "../config.ts";
import type { Traffic } from "./route-traffic.ts";

export type SignName = "gateway_cpu" | "loop_lag_seconds" | "latency_seconds" | "error_rate";

/** Something that is looked at each interval. */
export interface Sign {
  /** As in the configuration. */
  readonly name: SignName;
  /** From here on it is stress. */
  readonly threshold: number;
  /** Why limits are cut then. */
  readonly reason: string;
}

/** What is looked at where nothing was configured. */
const DEFAULT_CPU = 0.8;
const DEFAULT_LAG_SECONDS = 0.25;

/** What the configuration asks to look at. */
export function signsOf(adapt: AdaptConfig): readonly Sign[] {
  const signs: Sign[] = [];
  const add = (name: SignName, threshold: number | undefined, reason: string): void => {
    if (threshold !== undefined) {
      signs.push({ name, threshold, reason });
    }
  };
  const { latency_seconds: latency, error_rate: errors } = adapt;
  let { gateway_cpu: cpu, loop_lag_seconds: lag } = adapt;
  if (cpu === undefined && lag === undefined && latency === undefined && errors === undefined) {
    cpu = DEFAULT_CPU;
    lag = DEFAULT_LAG_SECONDS;
  }
  add("gateway_cpu", cpu, "the gateway's processors are busy");
  add("loop_lag_seconds", lag, "event loops of the gateway run late");
  add("latency_seconds", latency, "the upstream is slow");
  add("error_rate", errors, "the upstream fails");
  return signs;
}

/** What was measured of a sign; undefined when nothing was. */
export function measured(name: SignName, load: NodeLoad, traffic: Traffic | undefined): number | undefined {
  if (name === "gateway_cpu") {
    return load.cpuRatio;
  }
  if (name === "loop_lag_seconds") {
    return load.lagSeconds;
  }
  if (traffic === undefined) {
    return undefined;
  }
  return name === "latency_seconds" ? traffic.meanSeconds : traffic.errorPercent;
}
