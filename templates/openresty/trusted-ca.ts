/** What the gateway itself asks by https, it checks against one file of authorities: nginx has no default. */
import { type SourcesConfig, sourcesOf, type Upstream } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { AutoscaleError } from "../../cli/errors.ts";

interface Asked {
  readonly verify: boolean;
  readonly url: string;
}

function askedOf({ consul, kubernetes, eureka, http }: SourcesConfig): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  if (consul !== undefined) asked.set("consul", { verify: consul.verify, url: consul.address });
  if (kubernetes !== undefined) asked.set("kubernetes", { verify: kubernetes.verify, url: kubernetes.address });
  if (eureka !== undefined) asked.set("eureka", { verify: eureka.verify, url: eureka.address });
  if (http !== undefined) asked.set("http", { verify: http.verify, url: http.url });
  return asked;
}

/** Fields of the upstream that a certificate is checked for. */
function verifiedFields(upstream: Upstream): readonly string[] {
  const { active } = upstream.dynamic.health;
  const sources = sourcesOf(upstream).flatMap((entry) => [...askedOf(entry)]);
  const kinds = sources.filter(([, { verify, url }]) => verify && url.startsWith("https:")).map(([kind]) => kind);
  const fields = [...new Set(kinds)].map((kind) => `discovery.${kind}`);
  return active?.type === "https" && active.verify ? [...fields, "health.active"] : fields;
}

/** @throws AutoscaleError for each field that asks for a check which could only fail */
export function assertTrustedCa({ gateway }: Plan): void {
  if (gateway.trustedCa !== undefined) return;
  const problems = gateway.upstreams.flatMap((upstream) =>
    verifiedFields(upstream).map((field) => ({
      code: "E_TRUSTED_CA",
      path: `upstreams.${upstream.name}.${field}`,
      message: "found https with verify, and no authorities to check certificates against",
      remedy:
        "Write trusted_ca with a PEM file of them (Debian's own: /etc/ssl/certs/ca-certificates.crt), or verify: false there.",
    })),
  );
  if (problems.length > 0) throw new AutoscaleError(problems);
}
