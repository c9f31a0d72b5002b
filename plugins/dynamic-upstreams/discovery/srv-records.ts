import type { DnsRecord } from "../../_kit/ports.ts";
import { type Looked, lookUp, type Resolving, shorter } from "./dns-lookup.ts";
import { type FoundPeers, foundPeers } from "./found-peers.ts";
import { portNumber } from "./json-shape.ts";
import type { Found, SourcePorts } from "./source.ts";

/** Each target takes two queries: with more of them a look would not end. */
const MOST_TARGETS = 1000;

export interface DnsLook {
  readonly found: Found;
  /** Undefined where nothing was found. */
  readonly ttlSeconds: number | undefined;
}

/** How many of the priorities are lower. Only their order means something (RFC 2782): here the first one is 0. */
function rankOf(priority: number, priorities: readonly number[]): number {
  let lower = 0;
  for (const other of priorities) {
    lower += other < priority ? 1 : 0;
  }
  return lower;
}

/** Each once. */
function prioritiesOf(records: readonly DnsRecord[]): readonly number[] {
  const seen: Record<number, true | undefined> = {};
  const priorities: number[] = [];
  for (const { priority } of records) {
    if (seen[priority] === undefined) {
      seen[priority] = true;
      priorities.push(priority);
    }
  }
  return priorities;
}

function addTarget(found: FoundPeers, record: DnsRecord, addresses: Looked, rank: number): void {
  const port = portNumber(record.port);
  if (addresses.problem !== undefined) {
    found.leaveOut(addresses.problem);
  } else if (addresses.records.length === 0) {
    found.leaveOut(`${record.host} has no address`);
  } else if (port === undefined) {
    found.leaveOut(`${record.host} has no port`);
  } else {
    for (const { host } of addresses.records) {
      // A weight of 0 asks for hardly any request: here it is the least weight there is.
      found.add(host, port, Math.max(1, record.weight), rank);
    }
  }
}

/**
 * Peers of SRV records (RFC 2782). A target that does not exist or has no address is left out, for the others do; where nobody can
 * tell, the whole answer is unsure.
 */
export function srvPeers(resolving: Resolving, name: string, ports: SourcePorts): DnsLook {
  const services = lookUp(resolving, name, ["SRV"], ports);
  if (services.problem !== undefined) {
    return { found: { problem: services.problem }, ttlSeconds: undefined };
  }
  const priorities = prioritiesOf(services.records);
  // The dot keeps names apart from what every object has in JavaScript.
  const known: Record<string, Looked | undefined> = {};
  const found = foundPeers();
  let ttlSeconds = services.ttlSeconds;
  let targets = 0;
  for (const record of services.records) {
    // A target called "." says that there is no such service.
    const isNone = record.host === "." || record.host === "";
    let addresses = known[`.${record.host}`];
    if (addresses === undefined && !isNone) {
      if (targets >= MOST_TARGETS) {
        found.leaveOut("more than 1000 targets");
        continue;
      }
      targets += 1;
      addresses = lookUp(resolving, record.host, ["A", "AAAA"], ports);
      if (addresses.problem !== undefined && addresses.isUnknown !== true) {
        return { found: { problem: addresses.problem }, ttlSeconds: undefined };
      }
      known[`.${record.host}`] = addresses;
      ttlSeconds = shorter(ttlSeconds, addresses.ttlSeconds);
    }
    if (addresses !== undefined) {
      addTarget(found, record, addresses, rankOf(record.priority, priorities));
    }
  }
  return { found: found.found(), ttlSeconds };
}
