import type { Listen } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { tlsMountOf } from "./places.ts";

/**
 * The plan as it holds inside the pod. Certificates lie where the Secret is mounted. `workers: auto` is one a requested
 * core: nginx would count the cores of the node, which are not the pod's.
 */
export function carriedPlan(plan: Plan): Plan {
  const { gateway } = plan;
  const workers = gateway.workers === "auto" ? Math.max(1, Math.ceil(gateway.kubernetes.cpuCores)) : gateway.workers;
  const listen = gateway.listen.map((entry): Listen => {
    const mount = tlsMountOf(plan, entry);
    if (mount === undefined) return entry;
    return { ...entry, tls: { certificate: `${mount.path}/tls.crt`, key: `${mount.path}/tls.key` } };
  });
  return { ...plan, gateway: { ...gateway, listen, workers } };
}
