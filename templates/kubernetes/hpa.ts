import type { Plan } from "../../cli/build/target.ts";
import { type KubernetesObject, labelsOf } from "./kubernetes-object.ts";
import type { Autoscale, ScaledUpstream } from "./upstream-scaling.ts";

/** Seconds over which Prometheus takes a rate: enough for two scrapes of a minute's. */
const RATE_WINDOW = "2m";

const SELECTION = "<<.Series>>{<<.LabelMatchers>>}";

/** What the adapter is to make of the gateway's metrics: the sum of all gateways, for each upstream. */
const RULES = {
  rps: {
    series: "gateway_requests_total",
    query: `sum(rate(${SELECTION}[${RATE_WINDOW}])) by (upstream)`,
  },
  in_flight: {
    series: "gateway_requests_in_flight",
    query: `sum(${SELECTION}) by (upstream)`,
  },
  latency_p99: {
    series: "gateway_request_duration_seconds_bucket",
    query: `histogram_quantile(0.99, sum(rate(${SELECTION}[${RATE_WINDOW}])) by (le, upstream))`,
  },
} as const;

const metricName = (metric: Autoscale["metric"]): string => `gateway_upstream_${metric}`;

/** Values for the Helm chart prometheus-adapter: the metrics that the autoscalers ask for. */
export function adapterValues(scaled: readonly ScaledUpstream[]): object {
  const metrics = [...new Set(scaled.map(({ autoscale }) => autoscale.metric))].sort();
  const external = metrics.map((metric) => ({
    seriesQuery: `${RULES[metric].series}{upstream!=""}`,
    // The gateway may be in another namespace than the Deployment.
    resources: { namespaced: false },
    name: { as: metricName(metric) },
    metricsQuery: RULES[metric].query,
  }));
  return { rules: { external } };
}

/** A Kubernetes quantity, to the thousandth and never 0. */
function quantity(value: number): string {
  return Number.isInteger(value) ? String(value) : `${Math.max(1, Math.round(value * 1000))}m`;
}

/** A load is shared by the replicas, a latency is not. */
export const isShared = ({ metric }: Autoscale): boolean => metric !== "latency_p99";

export const scalingBehavior = (autoscale: Autoscale): object => ({
  scaleUp: { stabilizationWindowSeconds: Math.round(autoscale.scale_up_stabilization_seconds) },
  scaleDown: { stabilizationWindowSeconds: Math.round(autoscale.scale_down_stabilization_seconds) },
});

/** Scales the Deployment behind an upstream by what Prometheus has of it. */
export function upstreamAutoscaler(plan: Plan, scaled: ScaledUpstream): KubernetesObject {
  const { upstream, label, deployment, autoscale } = scaled;
  const value = quantity(autoscale.target);
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: `${plan.gateway.kubernetes.name}-${label}`,
      namespace: deployment.namespace,
      labels: labelsOf(plan, "upstream"),
    },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.name },
      minReplicas: Math.max(1, autoscale.min),
      maxReplicas: autoscale.max,
      metrics: [
        {
          type: "External",
          external: {
            metric: { name: metricName(autoscale.metric), selector: { matchLabels: { upstream } } },
            target: isShared(autoscale) ? { type: "AverageValue", averageValue: value } : { type: "Value", value },
          },
        },
      ],
      behavior: scalingBehavior(autoscale),
    },
  };
}
