import type { Plan } from "../../cli/build/target.ts";
import { watchedNamespaces } from "./cluster-access.ts";
import { DRAIN_SECONDS, gatewayContainer } from "./container.ts";
import type { Content } from "./content.ts";
import { type KubernetesObject, labelsOf, metadataOf, selectorLabels } from "./kubernetes-object.ts";
import { tlsMounts, trustedCaName } from "./places.ts";
import { adminPort } from "./ports.ts";

/** `worker_shutdown_timeout` of the bundle. */
const SHUTDOWN_SECONDS = 30;

/** Any number but root's. */
const USER = 65532;

/** Below it a process needs leave to listen. */
const FIRST_FREE_PORT = 1024;

/** Leave for every process of the pod, where a port needs it: a capability would not reach one that is not root. */
function sysctls({ gateway }: Plan): object {
  const ports = [...gateway.listen, ...(gateway.admin === undefined ? [] : [gateway.admin])].map(({ port }) => port);
  const lowest = Math.min(...ports, FIRST_FREE_PORT);
  if (lowest >= FIRST_FREE_PORT) return {};
  return { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: String(lowest) }] };
}

/** For a Prometheus that looks for these annotations. */
function scraped(plan: Plan): object {
  const admin = adminPort(plan);
  if (admin === undefined) return {};
  return {
    annotations: {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(admin.port),
      "prometheus.io/path": "/metrics",
    },
  };
}

function volumes(plan: Plan, content: Content): readonly object[] {
  return [
    ...content.volumes.map(({ folder, sources }) => ({ name: folder, projected: { defaultMode: 0o440, sources } })),
    { name: "logs", emptyDir: { sizeLimit: "16Mi" } },
    { name: "temp", emptyDir: {} },
    ...tlsMounts(plan).map(({ volume, secret }) => ({
      name: volume,
      secret: { secretName: secret, defaultMode: 0o440 },
    })),
    ...(plan.gateway.trustedCa === undefined ? [] : [{ name: "trusted-ca", configMap: { name: trustedCaName(plan) } }]),
  ];
}

/** No token of the cluster where the gateways do not ask it for anything. */
function account(plan: Plan): object {
  const needed = watchedNamespaces(plan).length > 0;
  return {
    ...(needed ? { serviceAccountName: plan.gateway.kubernetes.name } : {}),
    automountServiceAccountToken: needed,
  };
}

function spread(plan: Plan): readonly object[] {
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(plan.gateway.kubernetes) },
  }));
}

/** The gateways. How many is left to the autoscaler where there is one: an apply would take its number back. */
export function deployment(plan: Plan, content: Content): KubernetesObject {
  const { kubernetes } = plan.gateway;
  const { min, max } = kubernetes.replicas;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(plan, kubernetes.name, "gateway"),
    spec: {
      ...(min === max ? { replicas: min } : {}),
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorLabels(kubernetes) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      template: {
        metadata: { labels: labelsOf(plan, "gateway"), ...scraped(plan) },
        spec: {
          ...account(plan),
          enableServiceLinks: false,
          terminationGracePeriodSeconds: DRAIN_SECONDS + SHUTDOWN_SECONDS + 10,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: "RuntimeDefault" },
            ...sysctls(plan),
          },
          topologySpreadConstraints: spread(plan),
          containers: [gatewayContainer(plan, content)],
          volumes: volumes(plan, content),
        },
      },
    },
  };
}
