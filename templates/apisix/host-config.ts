import type { Plan } from "../../cli/build/target.ts";
import { DEFAULT_PLUGINS, OPTIONAL_PLUGINS } from "./default-plugins.ts";

/** Where INSTALL.md tells people to put the bundle. */
export const INSTALL_FOLDER = "/usr/local/autoscale";

/** As nginx writes sizes. */
export function sizeText(bytes: number): string {
  const units: readonly (readonly [string, number])[] = [
    ["m", 1024 * 1024],
    ["k", 1024],
  ];
  const [unit = "", factor = 1] = units.find(([, size]) => bytes % size === 0) ?? [];
  return `${bytes / factor}${unit}`;
}

/** The shared dicts to declare, by name. */
export function dictSizes({ dictBytes }: Plan): Readonly<Record<string, string>> {
  const dicts = Object.entries(dictBytes).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(dicts.map(([name, bytes]) => [name, sizeText(bytes)]));
}

/** All plugins to load: APISIX's own default list and ours, in the order they run. */
export function pluginList({ manifests }: Plan): string[] {
  const ours = [...manifests.values()].map(({ name, priority }) => [name, priority.apisix] as const);
  const all = new Map([...Object.entries(DEFAULT_PLUGINS), ...ours]);
  return [...all].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

/** Our plugins that share a priority with another one: APISIX then runs the two in any order. */
export function ties({ manifests }: Plan): string[] {
  const own = { ...DEFAULT_PLUGINS, ...OPTIONAL_PLUGINS };
  const taken = [
    ...Object.entries(own),
    ...[...manifests.values()].map(({ name, priority }) => [name, priority.apisix] as const),
  ];
  return [...manifests.values()]
    .filter(({ name, priority }) => taken.some(([other, value]) => other !== name && value === priority.apisix))
    .map(({ name }) => name);
}

/** The part of APISIX's config.yaml that this bundle needs. */
export function hostConfig(plan: Plan): object {
  const { maxBodyBytes, trustedProxies, trustedCa } = plan.gateway;
  return {
    apisix: {
      extra_lua_path: `${INSTALL_FOLDER}/?.lua`,
      ...(trustedCa === undefined ? {} : { ssl: { ssl_trusted_certificate: trustedCa } }),
    },
    plugins: pluginList(plan),
    nginx_config: {
      http: {
        custom_lua_shared_dict: dictSizes(plan),
        client_max_body_size: maxBodyBytes === 0 ? 0 : sizeText(maxBodyBytes),
        ...(trustedProxies.length === 0 ? {} : realIp(trustedProxies)),
      },
    },
  };
}

function realIp(trustedProxies: readonly string[]): object {
  return {
    real_ip_header: "X-Forwarded-For",
    real_ip_recursive: "on",
    // APISIX refuses to start without these two.
    real_ip_from: [...new Set(["127.0.0.1", "unix:", ...trustedProxies])],
  };
}
