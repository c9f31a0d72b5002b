import { parseStatusRange } from "../_core/status-set.ts";
import type {
  ActiveConfig,
  BalanceConfig,
  Config,
  DnsConfig,
  PassiveConfig,
  SourcesConfig,
  TargetConfig,
} from "./config.ts";
import { peerKey } from "./peer.ts";

/** Cross-field rules: a sentence saying what is wrong and how to mend it, or undefined. */
export function check(config: Config): string | undefined {
  return (
    checkTargets(config.targets) ??
    checkSources(config.discovery, "discovery") ??
    checkMoreSources(config) ??
    checkBalance(config.balance) ??
    checkActive(config.health.active) ??
    checkPassive(config.health.passive)
  );
}

function checkTargets(targets: readonly TargetConfig[]): string | undefined {
  const seen: Record<string, true | undefined> = {};
  for (const target of targets) {
    const key = peerKey(target.host, target.port);
    if (seen[key] === true) {
      return `targets has ${key} twice: leave one out, and use weight to give it a larger share`;
    }
    seen[key] = true;
  }
  return undefined;
}

function hasSource(sources: SourcesConfig): boolean {
  return (
    sources.consul !== undefined ||
    sources.kubernetes !== undefined ||
    sources.eureka !== undefined ||
    sources.dns !== undefined ||
    sources.file !== undefined ||
    sources.http !== undefined
  );
}

function checkMoreSources(config: Config): string | undefined {
  for (const sources of config.discovery.also) {
    if (!hasSource(sources)) {
      return "discovery.also has an entry without a source: write consul, kubernetes, eureka, dns, file or http in it";
    }
    const wrong = checkSources(sources, "discovery.also");
    if (wrong !== undefined) {
      return wrong;
    }
  }
  if (config.targets.length === 0 && !hasSource(config.discovery) && config.discovery.also.length === 0) {
    return "there are neither targets nor a source in discovery: write one of them";
  }
  return undefined;
}

function checkSources(sources: SourcesConfig, place: string): string | undefined {
  const eureka = sources.eureka;
  if (eureka !== undefined && (eureka.username === undefined) !== (eureka.password === undefined)) {
    return `${place}.eureka has only one of username and password: write both or none`;
  }
  return sources.dns === undefined ? undefined : checkDns(sources.dns, `${place}.dns`);
}

function checkDns(dns: DnsConfig, place: string): string | undefined {
  if (dns.type === "srv" && dns.port !== undefined) {
    return `${place}.port goes with addresses, and SRV records bring their own: leave it out`;
  }
  if (dns.type !== "srv" && dns.port === undefined) {
    return `${place} has no port, and addresses bring none: write port, or type: srv`;
  }
  if (dns.min_ttl_seconds > dns.max_ttl_seconds) {
    return `${place}.min_ttl_seconds is above max_ttl_seconds: lower the one or raise the other`;
  }
  return undefined;
}

function checkBalance(balance: BalanceConfig): string | undefined {
  if (balance.policy === "consistent-hash" && balance.hash_on.length === 0) {
    return "balance.hash_on is empty, and consistent-hash needs something to hash: write it, as in [client_address]";
  }
  if (balance.policy !== "consistent-hash" && balance.hash_on.length > 0) {
    return `balance.hash_on goes with policy consistent-hash, not with ${balance.policy}: change the policy or leave it out`;
  }
  return undefined;
}

function checkActive(active: ActiveConfig | undefined): string | undefined {
  if (active === undefined) {
    return undefined;
  }
  for (const status of active.statuses) {
    if (parseStatusRange(status) === undefined) {
      return `health.active.statuses has "${status}": write one status ("200") or a rising range ("200-399")`;
    }
  }
  return undefined;
}

function checkPassive(passive: PassiveConfig | undefined): string | undefined {
  if (passive !== undefined && passive.eject_seconds > passive.max_eject_seconds) {
    return "health.passive.eject_seconds is above max_eject_seconds: raise max_eject_seconds";
  }
  return undefined;
}
