import type { Plan } from "../../cli/build/target.ts";
import { type KubernetesObject, metadataOf, selectorLabels } from "./kubernetes-object.ts";
import { adminPort, type Port, trafficPorts } from "./ports.ts";

/** What the admin server is called inside the cluster. */
export const adminServiceName = (plan: Plan): string => `${plan.gateway.kubernetes.name}-admin`;

function service(plan: Plan, name: string, component: string, type: string, ports: readonly object[]) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(plan, name, component),
    spec: { type, selector: selectorLabels(plan.gateway.kubernetes), ports },
  };
}

const portOf = ({ name, port }: Port, outside = port): object => {
  return { name, port: outside, targetPort: name, protocol: "TCP" };
};

/** The Service for requests. None where every port is for the pod itself only. */
export function trafficService(plan: Plan): KubernetesObject | undefined {
  const { name, service: wanted } = plan.gateway.kubernetes;
  const ports = trafficPorts(plan);
  if (ports.length === 0) return undefined;
  const mapped = ports.map((entry) => portOf(entry, wanted.ports[String(entry.port)]));
  return service(plan, name, "gateway", wanted.type, mapped);
}

/** A Service of its own for the admin server, so that no load balancer shows it to the world. */
export function adminService(plan: Plan): KubernetesObject | undefined {
  const admin = adminPort(plan);
  return admin && service(plan, adminServiceName(plan), "admin", "ClusterIP", [portOf(admin)]);
}
