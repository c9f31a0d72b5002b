/** The ports that the outside reaches, under the names that probes and Services know them by. */
import type { Plan } from "../../cli/build/target.ts";

export interface Port {
  /** At most 15 characters. */
  readonly name: string;
  readonly port: number;
}

/** An address that nothing outside of the pod reaches. */
const isLoopback = (address: string): boolean => /^127\.|^(0:){7}1$|^::1$/.test(address);

/** Ports of `listen`, each once. */
export function trafficPorts({ gateway }: Plan): readonly Port[] {
  const outside = gateway.listen.filter(({ address }) => !isLoopback(address));
  const named = outside.map(({ port, tls }) => ({ name: `${tls === undefined ? "http" : "https"}-${port}`, port }));
  return [...new Map(named.map((entry) => [entry.port, entry])).values()];
}

/** The admin server, where Prometheus, KEDA and the kubelet can reach it. */
export function adminPort({ gateway }: Plan): Port | undefined {
  const { admin } = gateway;
  return admin === undefined || isLoopback(admin.address) ? undefined : { name: "admin", port: admin.port };
}
