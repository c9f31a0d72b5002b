import { nearest, type Path } from "../../../plugins/_kit/schema/index.ts";
import type { PluginUse } from "../model.ts";
import type { Written } from "./gateway-schema.ts";
import type { Report } from "./found-problem.ts";
import { upstreamPlugin } from "./upstream-plugin.ts";

type WrittenPlugins = Written["plugins"];

/**
 * The plugins of one route: those of the gateway in their order, each replaced by the route's own entry where there
 * is one, then the route's others. `false` takes one away.
 */
export function resolvePlugins(
  gateway: WrittenPlugins,
  route: WrittenPlugins,
  routeIndex: number,
  report: Report,
): readonly PluginUse[] {
  const uses = new Map<string, PluginUse | undefined>();
  for (const [name, config] of Object.entries(gateway)) {
    uses.set(name, config === false ? undefined : { name, config, keys: ["plugins", name] });
  }
  for (const [name, config] of Object.entries(route)) {
    const keys = ["routes", routeIndex, "plugins", name];
    if (config === false && !uses.has(name)) reportNothingToRemove(name, Object.keys(gateway), keys, report);
    uses.set(name, config === false ? undefined : { name, config, keys });
  }
  return [...uses.values()].filter((use) => use !== undefined);
}

function reportNothingToRemove(
  name: string,
  present: readonly string[],
  keys: readonly (string | number)[],
  report: Report,
): void {
  const near = nearest(name, present);
  const message = `found false for ${name}, which the gateway's plugins do not have`;
  const remedy = near === undefined ? "Remove the line." : `Did you mean ${near}?`;
  report({ code: "E_PLUGIN_NOT_INHERITED", keys, message, remedy, atKey: true });
}

/** The plugin that is configured by fields of upstreams, where it stands among the others. */
export function reportUpstreamPlugin(written: Written, report: Report): void {
  const places: readonly (readonly [WrittenPlugins, Path])[] = [
    [written.plugins, ["plugins"]],
    ...written.routes.map(({ plugins }, index) => [plugins, ["routes", index, "plugins"]] as const),
  ];
  for (const [plugins, keys] of places) {
    if (!Object.hasOwn(plugins, upstreamPlugin.name)) continue;
    const message = `found ${upstreamPlugin.name}, which is configured by the fields of an upstream`;
    const remedy = "Write discovery, balance, health and retries in upstreams.<name>, and leave this out.";
    report({ code: "E_PLUGIN_OF_UPSTREAM", keys: [...keys, upstreamPlugin.name], message, remedy, atKey: true });
  }
}
