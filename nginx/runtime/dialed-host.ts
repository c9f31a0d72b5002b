/** A host as nginx's cosockets and balancers want it: IPv6 in brackets; its resolver reads no hosts file. */
export function dialedHost(host: string): string {
  if (host === "localhost") {
    return "127.0.0.1";
  }
  const isBareIpv6 = host.indexOf(":") !== -1 && host.slice(0, 1) !== "[";
  return isBareIpv6 ? `[${host}]` : host;
}
