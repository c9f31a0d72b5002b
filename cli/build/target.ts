import type { Manifest } from "../../plugins/_kit/manifest.ts";
import type { Phase } from "../../plugins/_kit/handlers.ts";
import type { Problem } from "../errors.ts";
import type { Gateway, Route } from "./model.ts";

/** One plugin on one route, its configuration checked and complete. `mode: off` never gets here. */
export interface PlannedPlugin {
  readonly name: string;
  /** Lua module that exports `create`. */
  readonly module: string;
  readonly shadow: boolean;
  readonly phases: readonly Phase[];
  /** Shared dicts it uses. */
  readonly dicts: readonly string[];
  /** Without `mode`. */
  readonly config: unknown;
  /** Other upstreams it may route to. */
  readonly upstreams: readonly string[];
}

export interface PlannedRoute {
  readonly route: Route;
  /** In the order they run. */
  readonly plugins: readonly PlannedPlugin[];
}

/** What a target makes its files from. */
export interface Plan {
  readonly gateway: Gateway;
  readonly routes: readonly PlannedRoute[];
  /** Every plugin there is, stock and custom, by name: a target may pack those that gateway.yaml does not use too. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Bytes of the shared dicts of all those plugins, by name; `gateway.sharedMemoryBytes` has those in use. */
  readonly dictBytes: Readonly<Record<string, number>>;
  /** The product's version. */
  readonly version: string;
}

/**
 * What a target can do of one feature. The rows of all targets make the table in docs/targets.md, so the names of
 * features are shared.
 */
export interface Capability {
  readonly feature: string;
  readonly support: "full" | "partial" | "none";
  /** How it is done here, or what is not done. */
  readonly note: string;
  /** Where the plan asks for what is not done, e.g. `routes.users`; the build warns of each. */
  readonly askedAt?: (plan: Plan) => readonly string[];
}

/** A Lua module that goes into the bundle. */
export interface PackedModule {
  /** As required, e.g. `autoscale.core.text`. */
  readonly name: string;
  /** Below `luaFolder`. */
  readonly path: string;
  /** Names of the product's modules it requires. */
  readonly requires: readonly string[];
}

/** Renders one template of the target's folder with strict lookups; `name` is its path without `.hbs`. */
export type RenderTemplate = (name: string, data: object) => string;

/** Another target whose whole bundle goes into this one's. */
export interface Carried {
  readonly target: string;
  /** The plan as it is where the bundle will run, e.g. with other paths. */
  readonly plan: (plan: Plan) => Plan;
}

/** A place plugins can run in: one folder below `templates/`. */
export interface Target {
  readonly name: string;
  /** One sentence for `autoscale-lua list`. */
  readonly description: string;
  readonly capabilities: readonly Capability[];
  /** Folder of the bundle that Lua modules lie in, ending in `/`; empty for the bundle itself. */
  readonly luaFolder: string;
  /** Folders of the bundle that the running host writes to: made empty, kept over a new build. */
  readonly runtimeFolders: readonly string[];
  /** Its features are this target's too, those apart that `capabilities` names itself. */
  readonly carries?: Carried;
  /** Where the bundle's manifest lies in it; `manifest.json` when absent. */
  readonly manifestFile?: string;
  /** The Lua modules to pack; what they require comes with them. */
  luaModules(plan: Plan): readonly string[];
  /**
   * The bundle's text files by path, Lua modules and manifest apart.
   * @param modules those of `luaModules` and all they require
   * @param carried the files of the bundle of `carries`, Lua included; empty when it carries none
   * @throws AutoscaleError when the plan asks for what this target cannot do
   */
  render(
    plan: Plan,
    template: RenderTemplate,
    modules: readonly PackedModule[],
    carried?: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string>;
  /** What works and yet may not be what was meant, capabilities apart. */
  warnings?(plan: Plan): readonly Problem[];
  /** Facts for `manifest.json`, e.g. the routes and dicts. */
  describe(plan: Plan): object;
}
