import { ipAddress } from "../../_core/ip-address.ts";
import { integerText } from "../../_core/text.ts";
import type { Config, SourceConfig, SourcesConfig, TargetConfig } from "../config.ts";
import type { PeerEntry } from "../peer.ts";
import { consulSource } from "./consul-source.ts";
import { dnsSource, targetSource } from "./dns-source.ts";
import { eurekaSource } from "./eureka-source.ts";
import type { Member } from "./federation.ts";
import { fileSource } from "./file-source.ts";
import { peerEntry } from "./found-peers.ts";
import { httpSource } from "./http-source.ts";
import { kubernetesSource } from "./kubernetes-source.ts";
import type { Source, SourcePorts } from "./source.ts";

/** A source and what the configuration says of its peers: a member of the federation. */
export interface ConfiguredSource extends Member {
  readonly source: Source;
}

/** The targets that need no lookup. */
export function fixedPeers(config: Config): readonly PeerEntry[] {
  const entries: PeerEntry[] = [];
  for (const { host, port, weight, priority, zone } of config.targets) {
    const address = ipAddress(host);
    if (address !== undefined) {
      entries.push(peerEntry(address, port, weight, priority, zone));
    }
  }
  return entries;
}

/** What a target's own fields are to the peers that its name stands for. */
function settingsOf(target: TargetConfig): SourceConfig {
  const { weight, priority, zone } = target;
  const settings = { weight, priority, allow_empty: false };
  return zone === undefined ? settings : { weight, priority, zone, allow_empty: false };
}

/**
 * All sources of an upstream in the order in which they count: targets that are names, then those of `discovery`, then those of
 * `also`. Names are unique: the second one of two that say the same is given a number.
 */
export function createSources(config: Config, ports: SourcePorts): readonly ConfiguredSource[] {
  const members: ConfiguredSource[] = [];
  const times: Record<string, number | undefined> = {};

  function add(source: Source, settings: SourceConfig): void {
    const count = (times[source.name] ?? 0) + 1;
    times[source.name] = count;
    const name = count === 1 ? source.name : `${source.name} #${integerText(count)}`;
    members.push({ name, settings, source });
  }

  function addAll(sources: SourcesConfig): void {
    const { consul, kubernetes, eureka, dns, file, http } = sources;
    if (consul !== undefined) {
      add(consulSource(consul, ports), consul);
    }
    if (kubernetes !== undefined) {
      add(kubernetesSource(kubernetes, ports), kubernetes);
    }
    if (eureka !== undefined) {
      add(eurekaSource(eureka, ports), eureka);
    }
    if (dns !== undefined) {
      add(dnsSource(dns, ports), dns);
    }
    if (file !== undefined) {
      add(fileSource(file, ports), file);
    }
    if (http !== undefined) {
      add(httpSource(http, ports), http);
    }
  }

  for (const target of config.targets) {
    if (ipAddress(target.host) === undefined) {
      add(targetSource(target, ports), settingsOf(target));
    }
  }
  addAll(config.discovery);
  for (const sources of config.discovery.also) {
    addAll(sources);
  }
  return members;
}
