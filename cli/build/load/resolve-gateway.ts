import { quote } from "../../../plugins/_kit/schema/path.ts";
import type { Gateway } from "../model.ts";
import { isNetwork, nameServer } from "./addresses.ts";
import type { Written } from "./gateway-schema.ts";
import { rawLineMistake } from "./raw-line.ts";
import { resolveEvents } from "./resolve-events.ts";
import { resolveKubernetes } from "./resolve-kubernetes.ts";
import { pemFile, resolveAdmin, resolveListen } from "./resolve-listen.ts";
import { resolveRoute } from "./resolve-route.ts";
import { reportUpstreamPlugin } from "./resolve-plugins.ts";
import { resolveSharedMemory, sizeBytes } from "./resolve-sizes.ts";
import { resolveUpstream } from "./resolve-upstream.ts";
import { reportRouteDuplicates } from "./route-duplicates.ts";
import { existing, type Site } from "./site.ts";
import { DEFAULT_TIMEOUTS, overlay } from "./timeouts.ts";

/** From what was written to what is meant: defaults inherited, names looked up, texts parsed, fields held together. */
export function resolveGateway(written: Written, file: string, site: Site): Gateway {
  const listen = resolveListen(written.listen, site);
  const timeouts = overlay(DEFAULT_TIMEOUTS, written.timeouts);
  const maxBodyBytes = sizeBytes(written.max_body, 0, ["max_body"], site);
  const upstreams = Object.entries(written.upstreams).map(([name, upstream]) => {
    return resolveUpstream(name, upstream, timeouts, site);
  });
  const outer = { upstreams, timeouts, maxBodyBytes, plugins: written.plugins };
  const routes = written.routes.map((route, index) => resolveRoute(route, index, outer, site));
  const events = resolveEvents(written.admin?.events ?? [], upstreams, routes, site);
  reportRouteDuplicates(routes, site.report);
  reportUpstreamPlugin(written, site.report);
  reportRawLines(written.nginx, site);
  return {
    file,
    listen,
    ...(written.admin === undefined ? {} : { admin: { ...resolveAdmin(written.admin, listen, site), events } }),
    workers: written.workers,
    trustedProxies: resolveTrustedProxies(written.trusted_proxies, site),
    accessLog: written.access_log,
    sharedMemoryBytes: resolveSharedMemory(written.shared_memory, site),
    timeouts,
    maxBodyBytes,
    resolver: resolveNameServers(written.resolver, site),
    ...(written.trusted_ca === undefined ? {} : { trustedCa: pemFile(written.trusted_ca, ["trusted_ca"], site) }),
    upstreams,
    routes,
    customPlugins: written.custom_plugins.map((path, index) => {
      return existing(site, path, "folder", ["custom_plugins", index]);
    }),
    nginx: written.nginx,
    kubernetes: resolveKubernetes(written.kubernetes, listen, upstreams, site),
  };
}

function resolveTrustedProxies(written: readonly string[], site: Site): readonly string[] {
  written.forEach((network, index) => {
    if (isNetwork(network)) return;
    const message = `found ${quote(network)}, allowed: an address, or a network like 10.0.0.0/8`;
    site.report({ code: "E_CONFIG_PATTERN", keys: ["trusted_proxies", index], message });
  });
  return written;
}

function resolveNameServers(written: Written["resolver"], site: Site): Gateway["resolver"] {
  if (written === "auto") return written;
  return written.map((text, index) => {
    const server = nameServer(text);
    if (server === undefined) {
      const message = `found ${quote(text)}, allowed: an address, with :port when it is not 53`;
      site.report({ code: "E_CONFIG_PATTERN", keys: ["resolver", index], message });
    }
    return server ?? text;
  });
}

function reportRawLines(written: Written["nginx"], site: Site): void {
  for (const [block, lines] of Object.entries(written)) {
    lines.forEach((line, index) => {
      const mistake = rawLineMistake(line);
      if (mistake === undefined) return;
      const message = `found ${quote(line)}, which ${mistake}; allowed: whole directives on one line`;
      site.report({ code: "E_RAW_LINE", keys: ["nginx", block, index], message });
    });
  }
}
