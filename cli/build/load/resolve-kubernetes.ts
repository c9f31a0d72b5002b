import { nearest } from "../../../plugins/_kit/schema/index.ts";
import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import type { Kubernetes, Listen, ScaledDeployment, Upstream } from "../model.ts";
import type { Written } from "./gateway-schema.ts";
import { sizeBytes } from "./resolve-sizes.ts";
import type { Site } from "./site.ts";

type WrittenKubernetes = Written["kubernetes"];

/** Below this nginx does not start with the dicts it has. */
const LEAST_MEMORY_BYTES = 64 * 1024 * 1024;

/** Fills in `kubernetes`; ports and upstreams that it names must be there. */
export function resolveKubernetes(
  written: WrittenKubernetes,
  listen: readonly Listen[],
  upstreams: readonly Upstream[],
  site: Site,
): Kubernetes {
  const { name, namespace, image, replicas, resources, service } = written;
  const ports = listen.map(({ port }) => String(port));
  const tlsPorts = listen.filter(({ tls }) => tls !== undefined).map(({ port }) => String(port));
  const upstreamNames = upstreams.map((upstream) => upstream.name);
  reportUnknown(service.ports, ports, ["kubernetes", "service", "ports"], site);
  reportUnknown(written.tls_secrets, tlsPorts, ["kubernetes", "tls_secrets"], site);
  reportUnknown(written.deployments, upstreamNames, ["kubernetes", "deployments"], site);
  const memory = resources.memory;
  return {
    name,
    namespace,
    image,
    replicas: { min: replicas.min, max: replicas.max, cpuPercent: replicas.cpu_percent },
    cpuCores: resources.cpu,
    ...(memory === undefined
      ? {}
      : { memoryBytes: sizeBytes(memory, LEAST_MEMORY_BYTES, ["kubernetes", "resources", "memory"], site) }),
    service,
    tlsSecrets: written.tls_secrets,
    deployments: Object.fromEntries(
      Object.entries(written.deployments).map(([upstream, deployment]) => [upstream, scaled(deployment)]),
    ),
  };
}

function scaled(written: WrittenKubernetes["deployments"][string]): ScaledDeployment | false {
  if (written === false) return false;
  if (typeof written === "string") return { name: written };
  const { name, namespace } = written;
  return namespace === undefined ? { name } : { name, namespace };
}

function reportUnknown(written: object, known: readonly string[], keys: Path, site: Site): void {
  for (const found of Object.keys(written).filter((name) => !known.includes(name))) {
    const allowed = known.length === 0 ? "nothing" : known.join(", ");
    const meant = nearest(found, known);
    site.report({
      code: "E_CONFIG_UNKNOWN_KEY",
      keys: [...keys, found],
      message: `found ${quote(found)}, allowed: ${allowed}`,
      ...(meant === undefined ? {} : { remedy: `Did you mean ${meant}?` }),
      atKey: true,
    });
  }
}
