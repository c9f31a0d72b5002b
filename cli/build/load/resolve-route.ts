import { nearest } from "../../../plugins/_kit/schema/index.ts";
import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import { orWords } from "../../../plugins/_kit/schema/words.ts";
import type { Route, RoutePath, Timeouts, Upstream } from "../model.ts";
import { isHostPattern } from "./addresses.ts";
import type { Written } from "./gateway-schema.ts";
import { parseRoutePath } from "./route-path.ts";
import { resolvePlugins } from "./resolve-plugins.ts";
import { sizeBytes } from "./resolve-sizes.ts";
import { overlay } from "./timeouts.ts";
import type { Site } from "./site.ts";

/** What a route takes over from the gateway where it says nothing itself. */
export interface Inherited {
  readonly upstreams: readonly Upstream[];
  readonly timeouts: Timeouts;
  readonly maxBodyBytes: number;
  readonly plugins: Written["plugins"];
}

export function resolveRoute(written: Written["routes"][number], index: number, outer: Inherited, site: Site): Route {
  const keys = ["routes", index];
  const upstream = outer.upstreams.find(({ name }) => name === written.upstream);
  if (upstream === undefined) reportUnknownUpstream(written.upstream, outer.upstreams, [...keys, "upstream"], site);
  const path = resolvePath(written.path, [...keys, "path"], site);
  if (written.strip_prefix && path.kind !== "prefix") {
    const message = "found true, allowed: false, as the path is no prefix";
    site.report({ code: "E_ROUTE_STRIP", keys: [...keys, "strip_prefix"], message });
  }
  return {
    name: written.name,
    hosts: resolveHosts(written.hosts, [...keys, "hosts"], site),
    path,
    methods: written.methods,
    upstream: written.upstream,
    stripPrefix: written.strip_prefix,
    timeouts: overlay(upstream?.timeouts ?? outer.timeouts, written.timeouts),
    maxBodyBytes:
      written.max_body === undefined ? outer.maxBodyBytes : sizeBytes(written.max_body, 0, [...keys, "max_body"], site),
    plugins: resolvePlugins(outer.plugins, written.plugins, index, site.report),
  };
}

function reportUnknownUpstream(name: string, upstreams: readonly Upstream[], keys: Path, site: Site): void {
  const names = upstreams.map((upstream) => upstream.name);
  const near = nearest(name, names);
  site.report({
    code: "E_UPSTREAM_UNKNOWN",
    keys,
    message: `found ${quote(name)}, allowed: ${orWords(names)}`,
    ...(near === undefined ? {} : { remedy: `Did you mean ${near}?` }),
  });
}

function resolvePath(written: string, keys: Path, site: Site): RoutePath {
  const parsed = parseRoutePath(written);
  if ("path" in parsed) return parsed.path;
  const message = `found ${quote(written)}, which ${parsed.wrong}; allowed: /prefix, = /exact or ~ ^/regex`;
  site.report({ code: "E_ROUTE_PATH", keys, message });
  return { kind: "prefix", value: "/" };
}

/** Host names have no case: small letters make them comparable. */
function resolveHosts(written: readonly string[], keys: Path, site: Site): readonly string[] {
  return written.map((host, index) => {
    if (!isHostPattern(host)) {
      const message = `found ${quote(host)}, allowed: a host name without port, an address, or *. and a host name`;
      site.report({ code: "E_CONFIG_PATTERN", keys: [...keys, index], message });
    }
    return host.toLowerCase();
  });
}
