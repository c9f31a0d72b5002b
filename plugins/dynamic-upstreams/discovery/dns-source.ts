import type { DnsType } from "../../_kit/ports.ts";
import type { DnsConfig, TargetConfig } from "../config.ts";
import { peerKey } from "../peer.ts";
import { lookUp, type Resolving } from "./dns-lookup.ts";
import { foundPeers } from "./found-peers.ts";
import { lookRepeatedly } from "./looking.ts";
import type { Source, SourcePorts } from "./source.ts";
import { type DnsLook, srvPeers } from "./srv-records.ts";

/** What a look gives, and how often to look at least and at most. */
interface Watched {
  readonly name: string;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  look(this: void): DnsLook;
}

/** A record's time to live decides when to look again. */
function ttlSource(watched: Watched, ports: SourcePorts): Source {
  const { name, minSeconds, maxSeconds, look } = watched;
  return {
    name,
    run: (report, running) => {
      lookRepeatedly(
        ports,
        () => {
          const { found, ttlSeconds } = look();
          if (found.peers === undefined) {
            return { found };
          }
          return { found, waitSeconds: Math.min(maxSeconds, Math.max(minSeconds, ttlSeconds ?? minSeconds)) };
        },
        report,
        running,
      );
    },
  };
}

function addressPeers(
  resolving: Resolving,
  name: string,
  types: readonly DnsType[],
  port: number,
  ports: SourcePorts,
): DnsLook {
  const { records, ttlSeconds, problem } = lookUp(resolving, name, types, ports);
  if (problem !== undefined) {
    return { found: { problem }, ttlSeconds: undefined };
  }
  const found = foundPeers();
  for (const { host } of records) {
    found.add(host, port, 1, 0);
  }
  return { found: found.found(), ttlSeconds };
}

function typesOf(type: DnsConfig["type"]): readonly DnsType[] {
  if (type === "a") {
    return ["A"];
  }
  return type === "aaaa" ? ["AAAA"] : ["A", "AAAA"];
}

/** Addresses or SRV records of a name. */
export function dnsSource(config: DnsConfig, ports: SourcePorts): Source {
  const { name, type, servers } = config;
  // The schema's check asks for a port beside addresses.
  const port = config.port ?? 80;
  const types = typesOf(type);
  const at = servers.length === 0 ? "" : ` at ${servers.join(" ")}`;
  const place = type === "srv" ? name : peerKey(name, port);
  return ttlSource(
    {
      name: `dns ${type} ${place}${at}`,
      minSeconds: config.min_ttl_seconds,
      maxSeconds: config.max_ttl_seconds,
      look: () => (type === "srv" ? srvPeers(config, name, ports) : addressPeers(config, name, types, port, ports)),
    },
    ports,
  );
}

/** As the defaults of a DNS source. */
const OF_TARGETS = { servers: [], timeout_seconds: 2, minSeconds: 1, maxSeconds: 300 } as const;

/** A target whose host is a name: a peer for each of its addresses. Weight, zone and priority are given to them as to all peers of a source. */
export function targetSource(target: TargetConfig, ports: SourcePorts): Source {
  const { host, port } = target;
  return ttlSource(
    {
      name: `target ${peerKey(host, port)}`,
      minSeconds: OF_TARGETS.minSeconds,
      maxSeconds: OF_TARGETS.maxSeconds,
      look: () => addressPeers(OF_TARGETS, host, ["A", "AAAA"], port, ports),
    },
    ports,
  );
}
