/** Leave to see EndpointSlices, where the gateways find peers by them: an account, and a Role in each namespace that is watched. */
import { sourcesOf, type Upstream } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { type KubernetesObject, labelsOf, metadataOf } from "./kubernetes-object.ts";
import { ACCOUNT_TOKEN } from "./places.ts";

const RBAC = "rbac.authorization.k8s.io";

/** Namespaces of the Services that the upstream's sources watch as the pod's own account. */
function namespacesOf(upstream: Upstream): readonly string[] {
  const watched = sourcesOf(upstream).flatMap(({ kubernetes }) => (kubernetes === undefined ? [] : [kubernetes]));
  return watched.filter(({ token_file: file }) => file === ACCOUNT_TOKEN).map(({ namespace }) => namespace);
}

/** Each once; empty: the pods need no account. */
export function watchedNamespaces({ gateway }: Plan): readonly string[] {
  return [...new Set(gateway.upstreams.flatMap(namespacesOf))].sort();
}

/** What the pods run as. */
export function serviceAccount(plan: Plan): KubernetesObject | undefined {
  if (watchedNamespaces(plan).length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(plan, plan.gateway.kubernetes.name, "gateway"),
    // Only the pods that ask for the token get it.
    automountServiceAccountToken: false,
  };
}

/** The namespace of others may hold what gateways of several namespaces need. */
function roleMetadata(plan: Plan, namespace: string): KubernetesObject["metadata"] {
  const { name, namespace: own } = plan.gateway.kubernetes;
  return { name: `${own}-${name}-endpointslices`, namespace, labels: labelsOf(plan, "gateway") };
}

export function roles(plan: Plan): readonly KubernetesObject[] {
  return watchedNamespaces(plan).map((namespace) => ({
    apiVersion: `${RBAC}/v1`,
    kind: "Role",
    metadata: roleMetadata(plan, namespace),
    rules: [{ apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] }],
  }));
}

export function roleBindings(plan: Plan): readonly KubernetesObject[] {
  const { name, namespace: own } = plan.gateway.kubernetes;
  return watchedNamespaces(plan).map((namespace) => {
    const metadata = roleMetadata(plan, namespace);
    return {
      apiVersion: `${RBAC}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: RBAC, kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name, namespace: own }],
    };
  });
}
