import type { DnsRecord, DnsType } from "../../_kit/ports.ts";
import type { DnsConfig } from "../config.ts";
import type { SourcePorts } from "./source.ts";

/** What has to be known to look a name up. */
export type Resolving = Pick<DnsConfig, "servers" | "timeout_seconds">;

/** All that was found for one name. */
export interface Looked {
  readonly records: readonly DnsRecord[];
  /** Of the record that ends first; undefined without records. */
  readonly ttlSeconds: number | undefined;
  /** Then nothing was found for certain. */
  readonly problem?: string;
  /** What is wrong is that there is no such name. */
  readonly isUnknown?: boolean;
}

export function shorter(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) {
    return one ?? other;
  }
  return Math.min(one, other);
}

function lookUpOne(resolving: Resolving, name: string, type: DnsType, ports: SourcePorts): Looked {
  const { records, problem } = ports.dns.query(name, type, resolving.servers, resolving.timeout_seconds);
  if (problem !== undefined) {
    const text = `${problem} for ${type} of ${name}`;
    return { records: [], ttlSeconds: undefined, problem: text, isUnknown: problem === "NXDOMAIN" };
  }
  const wanted: DnsRecord[] = [];
  let ttlSeconds: number | undefined;
  for (const record of records) {
    if (record.type === type) {
      wanted.push(record);
      ttlSeconds = shorter(ttlSeconds, record.ttlSeconds);
    }
  }
  return { records: wanted, ttlSeconds };
}

/**
 * Asks for all of these types. A problem with one is a problem with all: half of the addresses would look as if the other half
 * were gone.
 */
export function lookUp(resolving: Resolving, name: string, types: readonly DnsType[], ports: SourcePorts): Looked {
  const records: DnsRecord[] = [];
  let ttlSeconds: number | undefined;
  for (const type of types) {
    const looked = lookUpOne(resolving, name, type, ports);
    if (looked.problem !== undefined) {
      return looked;
    }
    for (const record of looked.records) {
      records.push(record);
    }
    ttlSeconds = shorter(ttlSeconds, looked.ttlSeconds);
  }
  return { records, ttlSeconds };
}
