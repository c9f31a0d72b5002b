import type { Plan } from "../../cli/build/target.ts";
import { type KubernetesObject, metadataOf, selectorLabels } from "./kubernetes-object.ts";

/** Nodes are emptied one gateway at a time; one that is not ready is in nobody's way. */
export function disruptionBudget(plan: Plan): KubernetesObject {
  const { kubernetes } = plan.gateway;
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(plan, kubernetes.name, "gateway"),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(kubernetes) },
    },
  };
}

/** Scales the gateways themselves, by the CPU they use; none where their number is fixed. */
export function gatewayAutoscaler(plan: Plan): KubernetesObject | undefined {
  const { kubernetes } = plan.gateway;
  const { min, max, cpuPercent } = kubernetes.replicas;
  if (min === max) return undefined;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(plan, kubernetes.name, "gateway"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: kubernetes.name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
        },
      ],
    },
  };
}
