import { schema as s } from "../_kit/schema/index.ts";

const seconds = (fallback: number, description: string) =>
  s.number({ default: fallback, min: 0, max: 3600, description });

/** How many replicas the upstream should have. The names are those of Kubernetes' HorizontalPodAutoscaler. */
export const autoscale = s.record(
  {
    metric: s.oneOf(["rps", "in_flight", "latency_p99"], {
      default: "rps",
      description: "What is compared: requests a second, requests under way, or the 99th percentile of durations.",
    }),
    target: s.number({ above: 0, max: 1e9, description: "What one replica bears; seconds for latency_p99." }),
    min: s.integer({ default: 1, min: 0, max: 10000, description: "Never fewer replicas." }),
    max: s.integer({ default: 10, min: 1, max: 10000, description: "Never more replicas." }),
    tolerance: s.number({
      default: 0.1,
      min: 0,
      max: 1,
      description: "Nothing is done while the metric is so near the target, as a share of it.",
    }),
    window_seconds: s.number({ default: 60, min: 5, max: 300, description: "The metric is taken over so long." }),
    scale_up_stabilization_seconds: seconds(0, "Up goes only what was asked for throughout so long."),
    scale_down_stabilization_seconds: seconds(300, "Down goes only what was asked for throughout so long."),
    cooldown_seconds: seconds(0, "After a change, none in the other direction for so long."),
    replicas: s.integer({
      optional: true,
      min: 0,
      max: 10000,
      description: "How many replicas there are, where the gateway cannot count them (a Service's name as target).",
    }),
  },
  {
    optional: true,
    description: "Say how many replicas the upstream should have; all routes to it must say the same.",
  },
);
