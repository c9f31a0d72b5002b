import type { Manifest } from "../../../plugins/_kit/manifest.ts";
import { AutoscaleError, type Problem } from "../../errors.ts";
import { findCustomFolders } from "./custom-folders.ts";
import type { LuaModule } from "./lua-module.ts";

export interface CustomPlugins {
  /** By name. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Their Lua and, when they use it, TypeScriptToLua's library; what they require of ours is not included. */
  readonly modules: readonly LuaModule[];
  /** What is allowed but slow: `W_PLUGIN_SLOW`. */
  readonly warnings: readonly Problem[];
}

/**
 * Loads the plugins in the folders of `custom_plugins`: runs their manifests in Node, checks and compiles their handlers.
 * TypeScript is loaded only when a folder is given.
 * @param folders absolute
 * @param stockNames names that are taken
 * @throws AutoscaleError with every problem found
 */
export async function loadCustomPlugins(
  folders: readonly string[],
  stockNames: ReadonlySet<string> = new Set(),
): Promise<CustomPlugins> {
  if (folders.length === 0) return { manifests: new Map(), modules: [], warnings: [] };
  const [{ emitCustom }, { loadCustomManifest }, { findLibraryCalls }] = await Promise.all([
    import("./custom-emit.ts"),
    import("./custom-manifest.ts"),
    import("./hot-files.ts"),
  ]);
  const { found, problems } = await findCustomFolders(folders, stockNames);
  const outcomes = await Promise.all(found.map(loadCustomManifest));
  const faults = [...problems, ...outcomes.flatMap((outcome) => (isManifest(outcome) ? [] : outcome))];
  const modules = collect(faults, () => emitCustom(found));
  if (faults.length > 0) throw new AutoscaleError(faults);
  const manifests = new Map(outcomes.filter(isManifest).map((manifest) => [manifest.name, manifest]));
  return {
    manifests,
    modules,
    warnings: findLibraryCalls(modules).map((each) => ({ ...each, code: "W_PLUGIN_SLOW" })),
  };
}

function isManifest(outcome: Manifest | readonly Problem[]): outcome is Manifest {
  return !Array.isArray(outcome);
}

/** Runs a step whose problems are to be reported together with the others'. */
function collect(faults: Problem[], step: () => LuaModule[]): LuaModule[] {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof AutoscaleError)) throw error;
    faults.push(...error.problems);
    return [];
  }
}
