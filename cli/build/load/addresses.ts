import { isIPv4, isIPv6 } from "node:net";

/** A host and a port, the host without the brackets of IPv6. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `10.0.0.1:8080`, `users.internal:8080`, `[::1]:8080`; undefined for everything else. */
export function parseHostPort(text: string): HostPort | undefined {
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(text);
  if (parts === null) return undefined;
  const [, ipv6, name, digits] = parts;
  const port = Number(digits);
  if (port < 1 || port > 65535) return undefined;
  const host = ipv6 ?? name ?? "";
  if (ipv6 !== undefined ? !isAddress(ipv6, 6) : !isHost(host)) return undefined;
  return { host, port };
}

/** A host name or an IPv4 or bare IPv6 address. Underscores are allowed: container networks have them. */
export function isHost(text: string): boolean {
  if (isIpAddress(text)) return true;
  if (text.length > 253 || /^[0-9.]*$/.test(text)) return false;
  return text.split(".").every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

/** What a request's Host may be matched by: a name, an address, or `*.` and a name. */
export function isHostPattern(text: string): boolean {
  return isHost(text.startsWith("*.") ? text.slice(2) : text) && !(text.startsWith("*.") && isIpAddress(text.slice(2)));
}

export function isIpAddress(text: string): boolean {
  return isAddress(text, 4) || isAddress(text, 6);
}

/** Without a zone (`%eth0`), which nginx does not know. */
function isAddress(text: string, version: 4 | 6): boolean {
  return version === 4 ? isIPv4(text) : isIPv6(text) && !text.includes("%");
}

/** An address, or `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = "", length, ...rest] = text.split("/");
  if (!isIpAddress(address) || rest.length > 0) return false;
  if (length === undefined) return true;
  return /^(0|[1-9][0-9]{0,2})$/.test(length) && Number(length) <= (isIPv4(address) ? 32 : 128);
}

/** True for an address that only this machine can reach. */
export function isLoopback(address: string): boolean {
  return (isIPv4(address) && address.startsWith("127.")) || address === "::1" || address === "0:0:0:0:0:0:0:1";
}

/** A DNS server as nginx takes it, IPv6 in brackets: `10.0.0.2`, `10.0.0.2:53`, `[::1]`, `[::1]:53`. */
export function nameServer(text: string): string | undefined {
  if (isAddress(text, 6)) return `[${text}]`;
  if (isAddress(text, 4) || (/^\[.*\]$/.test(text) && isAddress(text.slice(1, -1), 6))) return text;
  const parts = parseHostPort(text);
  return parts !== undefined && isIpAddress(parts.host) ? text : undefined;
}
