import type { DynamicConfig, Listen, Upstream } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { watchedNamespaces } from "./cluster-access.ts";
import { ACCOUNT_CA, tlsMountOf, TRUSTED_CA_FOLDER } from "./places.ts";

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
  const trustedCa = trustedCaOf(plan);
  return {
    ...plan,
    gateway: {
      ...gateway,
      listen,
      workers,
      ...(trustedCa === undefined ? {} : { trustedCa }),
      upstreams: gateway.upstreams.map(withApiServer),
    },
  };
}

/** Without a file of its own the gateway trusts the cluster, where it asks that for peers. */
function trustedCaOf(plan: Plan): string | undefined {
  if (plan.gateway.trustedCa !== undefined) return `${TRUSTED_CA_FOLDER}/ca.crt`;
  return watchedNamespaces(plan).length > 0 ? ACCOUNT_CA : undefined;
}

type Sources = Omit<DynamicConfig["discovery"], "also">;

function withApiServer(upstream: Upstream): Upstream {
  const { also, ...sources } = upstream.dynamic.discovery;
  const discovery = { ...inFull(sources), also: also.map(inFull) };
  return { ...upstream, dynamic: { ...upstream.dynamic, discovery } };
}

/** A gateway looks names up as they stand: it knows no search domains. */
function inFull(sources: Sources): Sources {
  const { kubernetes } = sources;
  if (kubernetes?.address !== "https://kubernetes.default.svc") return sources;
  return { ...sources, kubernetes: { ...kubernetes, address: "https://kubernetes.default.svc.cluster.local" } };
}
