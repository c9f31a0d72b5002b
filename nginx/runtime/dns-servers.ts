/** Which DNS servers to ask. */

const USUAL_PORT = 53;
/** As the C library does (resolv.conf(5)). */
const MOST_SERVERS = 3;

export interface DnsServer {
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `address` or `address:port`; IPv6 in brackets where a port follows. Undefined when it is neither. */
export function dnsServer(written: string): DnsServer | undefined {
  let [host, port] = string.match(written, "^%[([%x:.]+)%]:(%d+)$");
  if (host === undefined) {
    [host, port] = string.match(written, "^([^:]+):(%d+)$");
  }
  if (host === undefined) {
    [host] = string.match(written, "^%[([%x:.]+)%]$");
  }
  const number = port === undefined ? USUAL_PORT : (tonumber(port) ?? 0);
  const name = host ?? written;
  return name === "" || number < 1 || number > 65535 ? undefined : { host: name, port: number };
}

/** The servers that /etc/resolv.conf names; without any the one of this machine (resolv.conf(5)). */
export function systemServers(resolvConf: string): readonly DnsServer[] {
  const servers: DnsServer[] = [];
  for (const [address] of string.gmatch(`\n${resolvConf}`, "\n[ \t]*nameserver[ \t]+([%x:.]+)")) {
    if (address !== undefined && servers.length < MOST_SERVERS) {
      servers.push({ host: address, port: USUAL_PORT });
    }
  }
  return servers.length > 0 ? servers : [{ host: "127.0.0.1", port: USUAL_PORT }];
}
