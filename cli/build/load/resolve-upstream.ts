import { resolve } from "node:path";
import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import type { Target, Timeouts, Upstream } from "../model.ts";
import { isHost, parseHostPort } from "./addresses.ts";
import type { Written } from "./gateway-schema.ts";
import { refuseNotYet, reportNotYet } from "./not-yet.ts";
import { overlay } from "./timeouts.ts";
import type { Site } from "./site.ts";

type WrittenUpstream = Written["upstreams"][string];

export function resolveUpstream(name: string, written: WrittenUpstream, outer: Timeouts, site: Site): Upstream {
  const keys = ["upstreams", name];
  refuseLater(written, keys, site);
  const file = written.discovery?.file;
  if (written.targets.length === 0 && Object.keys(written.discovery ?? {}).length === 0) {
    const message = "found neither targets nor discovery.file";
    const remedy = 'Give it peers: targets: ["127.0.0.1:8080"].';
    site.report({ code: "E_UPSTREAM_EMPTY", keys, message, remedy, atKey: true });
  }
  return {
    name,
    protocol: written.protocol,
    targets: resolveTargets(written.targets, [...keys, "targets"], site),
    ...(file === undefined
      ? {}
      : { discovery: { file: { path: resolve(site.folder, file.path), intervalSeconds: file.interval_seconds } } }),
    ...(written.balance === undefined ? {} : { balance: { policy: "round-robin" } }),
    keepalive: { connections: written.keepalive.connections, idleSeconds: written.keepalive.idle_seconds },
    retries: {
      attempts: written.retries.attempts,
      on: written.retries.on.map(String),
      methods: written.retries.methods,
    },
    timeouts: overlay(outer, written.timeouts),
  };
}

function refuseLater(written: WrittenUpstream, keys: Path, site: Site): void {
  const { balance, discovery, health, retries } = written;
  if (discovery !== undefined) refuseNotYet(discovery, ["file"], [...keys, "discovery"], site.report);
  if (balance !== undefined) {
    const { policy } = balance;
    if (policy !== "round-robin") reportNotYet(policy, [...keys, "balance", "policy"], ["round-robin"], site.report);
    refuseNotYet(balance, ["policy"], [...keys, "balance"], site.report);
  }
  refuseNotYet(health, [], [...keys, "health"], site.report);
  refuseNotYet(retries, ["attempts", "on", "methods"], [...keys, "retries"], site.report);
}

function resolveTargets(written: WrittenUpstream["targets"], keys: Path, site: Site): readonly Target[] {
  const seen = new Set<string>();
  return written.flatMap((entry, index) => {
    const at = [...keys, index];
    const target = typeof entry === "string" ? targetOfText(entry) : targetOfRecord(entry);
    if (target === undefined) {
      const [found, place] = typeof entry === "string" ? [entry, at] : [entry.host, [...at, "host"]];
      const allowed =
        typeof entry === "string"
          ? "host:port with a host name, an IPv4 address or an IPv6 address in brackets"
          : "a host name, an IPv4 or an IPv6 address";
      site.report({ code: "E_CONFIG_PATTERN", keys: place, message: `found ${quote(found)}, allowed: ${allowed}` });
      return [];
    }
    const peer = `${target.host.toLowerCase()} ${target.port}`;
    if (seen.has(peer)) {
      const message = `found ${target.host} port ${target.port} a second time`;
      site.report({ code: "E_TARGET_DUPLICATE", keys: at, message, remedy: "Use weight to give it a larger share." });
    }
    seen.add(peer);
    return [target];
  });
}

type WrittenTarget = Exclude<WrittenUpstream["targets"][number], string>;

function targetOfText(text: string): Target | undefined {
  const parts = parseHostPort(text);
  return parts && { ...parts, weight: 1, priority: 0 };
}

function targetOfRecord({ host, port, weight, zone, priority }: WrittenTarget): Target | undefined {
  const bare = /^\[.*:.*\]$/.test(host) ? host.slice(1, -1) : host;
  if (!isHost(bare)) return undefined;
  return { host: bare, port, weight, ...(zone === undefined ? {} : { zone }), priority };
}
