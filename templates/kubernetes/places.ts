/** Where things are inside the pod. */
import type { Listen } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";

/** nginx's prefix. */
export const PREFIX = "/srv/gateway";

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
