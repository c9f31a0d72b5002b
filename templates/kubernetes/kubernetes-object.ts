/** What every object of the manifests has: its kind, and the name, namespace and labels it is found by. */
import type { Kubernetes } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** What the pods of this gateway are selected by; it never changes, a Deployment's selector cannot. */
export function selectorLabels({ name }: Kubernetes): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": "autoscale-lua", "app.kubernetes.io/instance": name };
}

export function labelsOf({ gateway, version }: Plan, component: string): Readonly<Record<string, string>> {
  return {
    ...selectorLabels(gateway.kubernetes),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "autoscale-lua",
    "app.kubernetes.io/version": version.replace(/[^A-Za-z0-9._-]/g, "-"),
  };
}

/** Name, namespace and labels of an object of this gateway. */
export function metadataOf(plan: Plan, name: string, component: string): KubernetesObject["metadata"] {
  return { name, namespace: plan.gateway.kubernetes.namespace, labels: labelsOf(plan, component) };
}
