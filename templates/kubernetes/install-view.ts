import type { Plan } from "../../cli/build/target.ts";
import { watchedNamespaces } from "./cluster-access.ts";
import type { Content } from "./content.ts";
import { tlsMounts, trustedCaName } from "./places.ts";
import { adminPort } from "./ports.ts";
import { adminServiceName } from "./services.ts";
import type { ScaledUpstream } from "./upstream-scaling.ts";

/** What INSTALL.md says of this build. The values are names and numbers that were checked when they were read. */
export function installView(plan: Plan, content: Content, scaled: readonly ScaledUpstream[]): object {
  const { name, namespace, image } = plan.gateway.kubernetes;
  return {
    version: plan.version,
    name,
    namespace,
    ownNamespace: namespace !== "default",
    image,
    content: [...content.configMaps, ...content.secrets].map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    tls: tlsMounts(plan).map(({ secret }) => secret),
    hasTls: tlsMounts(plan).length > 0,
    hasTrustedCa: plan.gateway.trustedCa !== undefined,
    trustedCa: trustedCaName(plan),
    watched: watchedNamespaces(plan),
    isWatching: watchedNamespaces(plan).length > 0,
    hasAdmin: adminPort(plan) !== undefined,
    admin: adminServiceName(plan),
    adminPort: adminPort(plan)?.port ?? 0,
    isScaling: scaled.length > 0,
    hasKeda: scaled.length > 0 && adminPort(plan) !== undefined,
    scaled: scaled.map(({ upstream, deployment, autoscale }) => ({
      upstream,
      deployment: `${deployment.namespace}/${deployment.name}`,
      metric: autoscale.metric,
    })),
  };
}
