import { nearest } from "../../../plugins/_kit/schema/index.ts";
import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import { orWords } from "../../../plugins/_kit/schema/words.ts";
import { type EventAction, type EventRule, type Route, sourcesOf, type Upstream } from "../model.ts";
import { isIpAddress, parseHostPort } from "./addresses.ts";
import type { WrittenRule } from "./schema-events.ts";
import type { Site } from "./site.ts";

/** What rules may name. */
interface Known {
  readonly upstreams: readonly Upstream[];
  readonly routes: readonly Route[];
  readonly site: Site;
}

/** The rules of `admin.events`; what they name without a placeholder must be there. */
export function resolveEvents(
  written: readonly WrittenRule[],
  upstreams: readonly Upstream[],
  routes: readonly Route[],
  site: Site,
): readonly EventRule[] {
  return written.flatMap((rule, index) => {
    const keys = ["admin", "events", index];
    const action = resolveAction(rule.do, [...keys, "do"], { upstreams, routes, site });
    if (rule.reason !== undefined) reportPlaceholders(rule.reason, [...keys, "reason"], site);
    if (action === undefined) return [];
    const { match, status, ttl_seconds: ttlSeconds, reason } = rule;
    return [{ match, status, action, ttlSeconds, ...(reason === undefined ? {} : { reason }) }];
  });
}

/** The schema has seen to it that the fields fit together. */
function resolveAction(written: WrittenRule["do"], keys: Path, known: Known): EventAction | undefined {
  const { breaker, limit, peer, state, factor, weight } = written;
  if (limit !== undefined && factor !== undefined) {
    reportName(limit, "route", known, [...keys, "limit"]);
    return { kind: "limit", route: limit, factor };
  }
  if (breaker !== undefined && (state === "open" || state === "closed" || state === "auto")) {
    reportBreaker(breaker, [...keys, "breaker"], known);
    return { kind: "breaker", id: breaker, state };
  }
  if (peer !== undefined && (state === "up" || state === "drain" || state === "down")) {
    const [, upstream, address] = /^([^/]+)\/([^/]+)$/.exec(peer) ?? [];
    if (upstream === undefined || address === undefined) {
      const message = `found ${quote(peer)}, allowed: upstream/host:port`;
      known.site.report({ code: "E_CONFIG_PATTERN", keys: [...keys, "peer"], message });
      return undefined;
    }
    reportPeer(upstream, address, [...keys, "peer"], known);
    return { kind: "peer", upstream, peer: address, state, ...(weight === undefined ? {} : { weight }) };
  }
  return undefined;
}

const PLACEHOLDER = /\$labels\.[a-zA-Z_][a-zA-Z0-9_]*/g;

/** True when there is one; reports a `$` that is none. */
function reportPlaceholders(text: string, keys: Path, site: Site): boolean {
  if (text.replaceAll(PLACEHOLDER, "").includes("$")) {
    const message = `found ${quote(text)}, allowed: $ only as in $labels.instance`;
    site.report({ code: "E_CONFIG_PATTERN", keys, message });
    return true;
  }
  return text.includes("$");
}

function reportName(name: string, kind: "route" | "upstream", known: Known, keys: Path): void {
  if (reportPlaceholders(name, keys, known.site)) return;
  const names = kind === "route" ? known.routes.map((one) => one.name) : known.upstreams.map((one) => one.name);
  if (names.includes(name)) return;
  const near = nearest(name, names);
  known.site.report({
    code: kind === "route" ? "E_ROUTE_UNKNOWN" : "E_UPSTREAM_UNKNOWN",
    keys,
    message: `found ${kind} ${quote(name)}, allowed: ${orWords(names)}`,
    ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
  });
}

/** Ids of plugins of one's own may be anything; those of circuit-breaker begin with what they stand for. */
function reportBreaker(id: string, keys: Path, known: Known): void {
  if (reportPlaceholders(id, keys, known.site)) return;
  const [, kind, name = ""] = /^(route|upstream|peer):([^/:]+)/.exec(id) ?? [];
  if (kind !== undefined) reportName(name, kind === "route" ? "route" : "upstream", known, keys);
}

function reportPeer(name: string, address: string, keys: Path, known: Known): void {
  const { upstreams, site } = known;
  reportName(name, "upstream", known, keys);
  if (reportPlaceholders(address, keys, site)) return;
  const found = parseHostPort(address);
  if (found === undefined) {
    const message = `found ${quote(address)}, allowed: host:port, IPv6 in brackets`;
    site.report({ code: "E_CONFIG_PATTERN", keys, message });
    return;
  }
  const upstream = upstreams.find((one) => one.name === name);
  if (upstream === undefined || findsPeers(upstream)) return;
  if (!upstream.targets.some(({ host, port }) => host === found.host && port === found.port)) {
    const message = `found ${quote(address)}, which is no target of upstream ${quote(name)}`;
    site.report({ code: "E_PEER_UNKNOWN", keys, message, remedy: "Write it as in targets." });
  }
}

/** Its peers are known at run time only: sources find them, or names are looked up. */
function findsPeers(upstream: Upstream): boolean {
  return sourcesOf(upstream).length > 0 || upstream.targets.some(({ host }) => !isIpAddress(host));
}
