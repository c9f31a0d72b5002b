import type { Plan } from "../../cli/build/target.ts";
import { isShared, scalingBehavior } from "./hpa.ts";
import { type KubernetesObject, labelsOf } from "./kubernetes-object.ts";
import { adminServiceName } from "./services.ts";
import type { ScaledUpstream } from "./upstream-scaling.ts";

/** How often KEDA asks. */
const POLLING_SECONDS = 15;

/** Seconds without a request before the last replica goes, where `min` is 0. */
const IDLE_SECONDS = 300;

/**
 * Scales the Deployment behind an upstream by what the gateways themselves say. Each gateway knows its own requests only:
 * KEDA asks all of them (`aggregateFromKubeServiceEndpoints`, KEDA 2.19) and adds up.
 * @param port of the admin server in the pod
 */
export function scaledObject(plan: Plan, scaled: ScaledUpstream, port: number): KubernetesObject {
  const { upstream, label, deployment, autoscale } = scaled;
  const { namespace, name } = plan.gateway.kubernetes;
  const host = `${adminServiceName(plan)}.${namespace}.svc.cluster.local`;
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: {
      name: `${name}-${label}`,
      namespace: deployment.namespace,
      labels: labelsOf(plan, "upstream"),
    },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.name },
      minReplicaCount: autoscale.min,
      maxReplicaCount: autoscale.max,
      pollingInterval: POLLING_SECONDS,
      cooldownPeriod: IDLE_SECONDS,
      advanced: { horizontalPodAutoscalerConfig: { behavior: scalingBehavior(autoscale) } },
      triggers: [
        {
          type: "metrics-api",
          metricType: isShared(autoscale) ? "AverageValue" : "Value",
          metadata: {
            url: `http://${host}:${port}/autoscale/${encodeURIComponent(upstream)}`,
            format: "json",
            valueLocation: autoscale.metric,
            targetValue: String(autoscale.target),
            aggregateFromKubeServiceEndpoints: "true",
            aggregationType: isShared(autoscale) ? "sum" : "max",
          },
        },
      ],
    },
  };
}
