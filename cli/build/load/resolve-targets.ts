import { quote, type Path } from "../../../plugins/_kit/schema/path.ts";
import type { Target } from "../model.ts";
import { isHost, parseHostPort } from "./addresses.ts";
import type { Written } from "./gateway-schema.ts";
import type { Site } from "./site.ts";

type WrittenTargets = Written["upstreams"][string]["targets"];
type WrittenTarget = Exclude<WrittenTargets[number], string>;

/** The targets of one upstream, from text or records. */
export function resolveTargets(written: WrittenTargets, keys: Path, site: Site): readonly Target[] {
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
      return [];
    }
    seen.add(peer);
    return [target];
  });
}

function targetOfText(text: string): Target | undefined {
  const parts = parseHostPort(text);
  return parts && { ...parts, weight: 1, priority: 0 };
}

function targetOfRecord({ host, port, weight, zone, priority }: WrittenTarget): Target | undefined {
  const bare = /^\[.*:.*\]$/.test(host) ? host.slice(1, -1) : host;
  if (!isHost(bare)) return undefined;
  return { host: bare, port, weight, ...(zone === undefined ? {} : { zone }), priority };
}
