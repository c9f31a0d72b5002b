/** The files of one plugin: what Kong loads, and the rock that LuaRocks installs. */
import type { PackedModule, RenderTemplate } from "../../cli/build/target.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { kongSchemaLua, kongSchemaModules } from "./schema-lua.ts";

/** The Lua modules that a plugin's files require, besides their own requires. */
export function pluginModules(manifest: Manifest): string[] {
  return ["autoscale.kong.handler", "autoscale.kong.endpoints", moduleOf(manifest), ...kongSchemaModules(manifest)];
}

function moduleOf({ name }: Manifest): string {
  return `autoscale.plugins.${name}.plugin`;
}

/** What the plugin needs of what is packed, sorted by name. */
export function neededModules(manifest: Manifest, modules: readonly PackedModule[]): PackedModule[] {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const needed = new Set<PackedModule>();
  const queue = pluginModules(manifest);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const module = byName.get(name);
    if (module === undefined || needed.has(module)) continue;
    needed.add(module);
    queue.push(...module.requires);
  }
  return [...needed].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The modules of `kong/plugins/<name>/` by file name. */
export const KONG_FILES = ["api", "handler", "schema", "status_api"] as const;

function rockspec(manifest: Manifest, version: string, modules: readonly PackedModule[], template: RenderTemplate) {
  const own = KONG_FILES.map((file) => [`kong.plugins.${manifest.name}.${file}`, kongFile(manifest, file)]);
  const shared = neededModules(manifest, modules).map(({ name, path }) => [name, path]);
  return template("rockspec", {
    package: `kong-plugin-${manifest.name}`,
    version: `${manifest.version}-1`,
    summary: manifest.description,
    product: version,
    modules: Object.fromEntries([...own, ...shared]) as object,
  });
}

function kongFile({ name }: Manifest, file: string): string {
  return `kong/plugins/${name}/${file}.lua`;
}

/** Its text files by path. */
export function pluginFiles(
  manifest: Manifest,
  version: string,
  modules: readonly PackedModule[],
  template: RenderTemplate,
): [string, string][] {
  const spec = {
    name: manifest.name,
    version: manifest.version,
    priority: manifest.priority.kong,
    module: moduleOf(manifest),
    phases: Object.fromEntries(manifest.phases.map((phase) => [phase, true])),
    fields: Object.keys(manifest.config.fields as object),
    ...(manifest.early === true && { early: true }),
  };
  return [
    [kongFile(manifest, "handler"), template("handler.lua", { spec })],
    [kongFile(manifest, "schema"), kongSchemaLua(manifest)],
    [kongFile(manifest, "api"), template("endpoints.lua", { app: "admin", version })],
    [kongFile(manifest, "status_api"), template("endpoints.lua", { app: "status", version })],
    [`kong-plugin-${manifest.name}-${manifest.version}-1.rockspec`, rockspec(manifest, version, modules, template)],
  ];
}
