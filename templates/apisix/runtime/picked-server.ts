/** A peer of ours in the place of the one that APISIX has picked for the first try. */
import { dialedHost } from "../../../nginx/runtime/dialed-host.ts";
import type { PeerAddress } from "../../../plugins/_kit/decision.ts";

const STANDARD_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, grpc: 80, grpcs: 443 };

/** The Host header that names a peer. */
export function hostHeader(name: string, port: number, scheme: string | undefined): string {
  return scheme !== undefined && STANDARD_PORTS[scheme] === port ? name : `${name}:${tostring(port)}`;
}

/** As APISIX keeps a node that it has picked, and its name to APISIX. */
export interface PeerServer extends ApisixServer {
  /** `host:port` */
  readonly address: string;
}

/** A peer as APISIX would have it: IPv6 in brackets. */
export function serverOf({ host: bare, port }: PeerAddress, scheme: string | undefined): PeerServer {
  const host = dialedHost(bare);
  return { host, port, address: `${host}:${tostring(port)}`, upstream_host: hostHeader(host, port, scheme) };
}

/** The picker that APISIX took lets go of what it counts for this request. */
export function takeOver(context: ApisixContext, picker: ApisixServerPicker): void {
  const before = context.server_picker;
  if (before !== undefined && before !== picker && before.after_balance !== undefined) {
    before.after_balance(context, false);
  }
  context.server_picker = picker;
}

/** The first try goes there. */
export function use(context: ApisixContext, server: ApisixServer): void {
  context.picked_server = server;
  context.balancer_ip = server.host;
  context.balancer_port = server.port;
  context.balancer_server = `${server.host}:${tostring(server.port)}`;
  // For APISIX's access log; only later versions have it.
  if (context.upstream_unresolved_host !== undefined) {
    const name = server.domain ?? server.host;
    context.upstream_unresolved_host = name;
    context.var["upstream_unresolved_host"] = name;
  }
  if (context.pass_host === "node") {
    context.var["upstream_host"] = server.upstream_host;
  }
}
