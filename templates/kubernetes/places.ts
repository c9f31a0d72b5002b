/** Where things are inside the pod. */
import type { Listen } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";

/** nginx's prefix. */
export const PREFIX = "/srv/gateway";

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The token of the pod's account, and the authority of the cluster's API server. */
export const ACCOUNT_TOKEN = `${ACCOUNT}/token`;
export const ACCOUNT_CA = `${ACCOUNT}/ca.crt`;

/** Where the ConfigMap with the authorities of `trusted_ca` is mounted. */
export const TRUSTED_CA_FOLDER = "/etc/autoscale-lua/trusted-ca";
export const trustedCaName = ({ gateway }: Plan): string => `${gateway.kubernetes.name}-trusted-ca`;

export interface TlsMount {
  readonly volume: string;
  readonly path: string;
  readonly secret: string;
}

const pairOf = ({ tls }: Listen): string | undefined => tls && `${tls.certificate}\n${tls.key}`;

/** The mount that holds a listener's certificate: one for each certificate, called after the first port that has it. */
export function tlsMountOf({ gateway }: Plan, entry: Listen): TlsMount | undefined {
  const pair = pairOf(entry);
  if (pair === undefined) return undefined;
  const first = gateway.listen.find((other) => pairOf(other) === pair) ?? entry;
  const { name, tlsSecrets } = gateway.kubernetes;
  return {
    volume: `tls-${first.port}`,
    path: `/etc/autoscale-lua/tls/${first.port}`,
    secret: tlsSecrets[String(first.port)] ?? `${name}-tls-${first.port}`,
  };
}

/** Every certificate once. */
export function tlsMounts(plan: Plan): readonly TlsMount[] {
  const mounts = plan.gateway.listen.flatMap((entry) => tlsMountOf(plan, entry) ?? []);
  return [...new Map(mounts.map((mount) => [mount.volume, mount])).values()];
}
