import { loadCustomPlugins } from "../build/compile/custom.ts";
import { resolve } from "node:path";
import { paint } from "./paint.ts";
import { stockPlugins } from "../build/registry.ts";
import { loadTarget, targetNames } from "../build/targets.ts";
import type { Output } from "./output.ts";

/** Shows the plugins, those in `customFolders` included, and the targets. */
export async function listCommand(customFolders: readonly string[], output: Output): Promise<void> {
  const stock = await stockPlugins();
  const custom = await loadCustomPlugins(
    customFolders.map((folder) => resolve(folder)),
    new Set(stock.keys()),
  );
  const plugins = [
    ...[...stock.values()].map((manifest) => ({ manifest, origin: "stock" })),
    ...[...custom.manifests.values()].map((manifest) => ({ manifest, origin: "custom" })),
  ].map(({ manifest: { name, version, description, priority }, origin }) => ({
    name,
    version,
    origin,
    priority: priority.openresty,
    description,
  }));
  const targets = await Promise.all((await targetNames()).map(async (name) => (await loadTarget(name)).target));
  const width = Math.max(...[...plugins, ...targets].map(({ name }) => name.length));
  output.say(paint.bold("Plugins"));
  for (const { name, version, description, origin } of plugins) {
    const mark = origin === "custom" ? " (yours)" : "";
    output.say(`  ${name.padEnd(width)}  ${paint.dim(version)}  ${description}${mark}`);
  }
  output.say(paint.bold("Targets"));
  for (const { name, description } of targets) output.say(`  ${name.padEnd(width)}  ${description}`);
  output.result({ ok: true, plugins, targets: targets.map(({ name, description }) => ({ name, description })) });
}
