import type { DnsType } from "../../plugins/_kit/ports.ts";
import { dialedHost } from "./dialed-host.ts";
import { dnsClient } from "./dns-client.ts";

/** IPv6 may be known and yet lead nowhere: it is for names that have nothing else. */
const TYPES: readonly DnsType[] = ["A", "AAAA"];

/** An address of the name; undefined and why there is none. */
function addressOf(name: string, seconds: number): LuaMultiReturn<[string | undefined, string | undefined]> {
  let why = "no address";
  for (const type of TYPES) {
    const { records, problem } = dnsClient.query(name, type, [], seconds);
    const first = records[0];
    if (first !== undefined) {
      return $multi(first.host, undefined);
    }
    why = problem ?? why;
  }
  return $multi(undefined, why);
}

/**
 * Connects. nginx's resolver looks names up; where nginx.conf has none, the servers of resolv.conf are asked.
 * @param seconds for each of those servers
 * @returns why it is not connected, or undefined
 */
export function connectSocket(
  socket: NgxTcpSocket,
  host: string,
  port: number,
  options: NgxConnectOptions,
  seconds: number,
): string | undefined {
  const [connected, problem] = socket.connect(dialedHost(host), port, options);
  if (connected !== undefined) {
    return undefined;
  }
  if (problem.indexOf("no resolver defined") !== 0) {
    return problem;
  }
  const [address, unknown] = addressOf(host, seconds);
  if (address === undefined) {
    return `${host} could not be resolved (${unknown ?? ""})`;
  }
  const [done, refusal] = socket.connect(dialedHost(address), port, options);
  return done === undefined ? refusal : undefined;
}
