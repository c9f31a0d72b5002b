/** load -> compile -> schema -> render: everything a build does but write. */
import type { Problem } from "../errors.ts";
import { AutoscaleError } from "../errors.ts";
import { loadCustomPlugins } from "./compile/custom.ts";
import type { LuaModule } from "./compile/lua-module.ts";
import { stockModules } from "./compile/stock.ts";
import { checkLuaSyntax } from "./compile/syntax.ts";
import { loadGateway } from "./load/index.ts";
import type { Gateway } from "./model.ts";
import { Planner } from "./plan.ts";
import { stockPlugins } from "./registry.ts";
import type { Plan, Target } from "./target.ts";
import { loadTarget } from "./targets.ts";
import { templateRenderer } from "./templates.ts";
import { allDicts, withUsedDicts } from "./used-dicts.ts";
import { productVersion } from "./version.ts";

/** Not beside the Lua: maps are for `explain`, and nginx never reads them. */
const MAPS = "maps/";
const MANIFEST = "manifest.json";

export interface PipelineOptions {
  /** Path of gateway.yaml. */
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly targets: readonly string[];
  /** Where the precompiled Lua lies; the package's own when absent. */
  readonly luaFolder?: string;
}

/** One target's bundle in memory. */
export interface Bundle {
  readonly target: string;
  /** Text files by path below the bundle, all but the manifest. */
  readonly files: ReadonlyMap<string, string>;
  /** What the target tells of itself in `manifest.json`. */
  readonly facts: object;
  /** Folders the running host writes to. */
  readonly runtimeFolders: readonly string[];
  /** Where its manifest lies in it. */
  readonly manifestFile: string;
}

export interface Prepared {
  readonly gateway: Gateway;
  readonly version: string;
  readonly bundles: readonly Bundle[];
  readonly warnings: readonly Problem[];
  /** False when no LuaJIT was there to check the Lua files with. */
  readonly luaChecked: boolean;
}

/**
 * Makes the bundles in memory.
 * @throws AutoscaleError with every problem of the first stage that finds any
 */
export async function prepare(options: PipelineOptions): Promise<Prepared> {
  const loaded = loadGateway(options.file, { env: options.env, cwd: options.cwd });
  const { warnings } = loaded;
  const stock = await stockPlugins();
  const custom = await loadCustomPlugins(loaded.gateway.customPlugins, new Set(stock.keys()));
  const manifests = new Map([...stock, ...custom.manifests]);
  const planned = new Planner(loaded.gateway, manifests, (keys, atKey) => loaded.locate(keys, atKey)).plan();
  const gateway = withUsedDicts(loaded.gateway, planned.routes);
  const dictBytes = allDicts(gateway, manifests);
  const plan: Plan = { gateway, routes: planned.routes, manifests, dictBytes, version: productVersion() };
  const bundles: Bundle[] = [];
  const told = [...warnings, ...custom.warnings, ...planned.warnings];
  let luaChecked = true;
  for (const name of options.targets) {
    const { bundle, checked, limits } = await makeBundle(name, plan, custom.modules, options.luaFolder);
    bundles.push(bundle);
    luaChecked &&= checked;
    told.push(...limits);
  }
  return { gateway, version: plan.version, bundles, warnings: told, luaChecked };
}

async function makeBundle(name: string, plan: Plan, custom: readonly LuaModule[], luaFolder?: string) {
  const { target, files, carried } = await bundleFiles(name, plan, custom, luaFolder);
  const written = [...carried, ...files];
  const lua = written.filter(([path]) => path.endsWith(".lua")).map(([path, text]) => ({ path, lua: text }));
  const problems = await checkLuaSyntax(lua);
  if (problems !== "no luajit" && problems.length > 0) throw new AutoscaleError(problems);
  const { runtimeFolders, manifestFile = MANIFEST } = target;
  const bundle: Bundle = { target: name, files, facts: target.describe(plan), runtimeFolders, manifestFile };
  const limits = [...limitsOf(target, plan), ...(target.warnings?.(plan) ?? [])];
  return { bundle, checked: problems !== "no luajit", limits };
}

interface TargetFiles {
  readonly target: Target;
  readonly files: ReadonlyMap<string, string>;
  /** The bundle of the target it carries. */
  readonly carried: ReadonlyMap<string, string>;
}

/** The target's files, with the maps of all Lua in them. */
async function bundleFiles(
  name: string,
  plan: Plan,
  custom: readonly LuaModule[],
  luaFolder?: string,
): Promise<TargetFiles> {
  const { target, folder } = await loadTarget(name);
  const { carries } = target;
  const inner = carries && (await bundleFiles(carries.target, carries.plan(plan), custom, luaFolder));
  const carried = inner?.files ?? new Map<string, string>();
  const modules = await luaModules(target.luaModules(plan), custom, luaFolder);
  const files = new Map(target.render(plan, templateRenderer(folder), modules, carried));
  for (const [path, text] of carried) if (path.startsWith(MAPS)) files.set(path, text);
  for (const module of modules) {
    files.set(`${target.luaFolder}${module.path}`, module.lua);
    files.set(`${MAPS}${module.path}.map`, module.map);
  }
  return { target, files, carried };
}

/** What the plan asks for and this target does not do, or not in full. */
function limitsOf({ name, capabilities }: Target, plan: Plan): Problem[] {
  return capabilities.flatMap(({ feature, support, note, askedAt }) =>
    (support === "full" ? [] : (askedAt?.(plan) ?? [])).map((path) => ({
      code: "W_TARGET_LIMIT",
      path,
      message: `${feature} is ${support === "none" ? "not done" : "done in part"} on ${name}: ${note}`,
    })),
  );
}

/** The named modules and all they require: custom ones from the compile stage, the rest precompiled. */
async function luaModules(
  roots: readonly string[],
  custom: readonly LuaModule[],
  luaFolder?: string,
): Promise<LuaModule[]> {
  const own = new Map(custom.map((module) => [module.name, module]));
  const taken = new Map<string, LuaModule>();
  const stock = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const module = own.get(name);
    if (module === undefined) {
      stock.add(name);
    } else if (!taken.has(name)) {
      taken.set(name, module);
      queue.push(...module.requires);
    }
  }
  for (const module of await stockModules([...stock], luaFolder)) {
    if (!taken.has(module.name)) taken.set(module.name, module);
  }
  return [...taken.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
