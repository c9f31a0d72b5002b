/** The schema stage: every plugin of every route against its manifest, defaults filled in, in the order they run. */
import { isDeepStrictEqual } from "node:util";
import type { Phase } from "../../plugins/_kit/handlers.ts";
import type { Manifest, Mode, SharedState } from "../../plugins/_kit/manifest.ts";
import { formatPath, nearest, problemMessage, problemRemedy, validate } from "../../plugins/_kit/index.ts";
import { AutoscaleError, type Problem } from "../errors.ts";
import type { Gateway, PluginUse, Route } from "./model.ts";
import { placeOf, statesOf } from "./place-states.ts";
import { pluginSchema } from "./plugin-schema.ts";
import type { PlannedPlugin, PlannedRoute } from "./target.ts";

/** Turns keys from the root of gateway.yaml into a place for an error. */
export type Locate = (keys: readonly (string | number)[], atKey?: boolean) => Pick<Problem, "file" | "line" | "column">;

/** A use of a plugin that passed, with what the later checks need. */
interface Checked {
  readonly use: PluginUse;
  readonly manifest: Manifest;
  readonly config: Readonly<Record<string, unknown>>;
  readonly mode: Mode;
}

export class Planner {
  readonly #problems: Problem[] = [];
  readonly #warnings: Problem[] = [];
  readonly #states = new Map<string, { config: unknown; use: PluginUse; route: string }>();
  readonly #gateway: Gateway;
  readonly #manifests: ReadonlyMap<string, Manifest>;
  readonly #locate: Locate;

  constructor(gateway: Gateway, manifests: ReadonlyMap<string, Manifest>, locate: Locate) {
    this.#gateway = gateway;
    this.#manifests = manifests;
    this.#locate = locate;
  }

  /** @throws AutoscaleError with every problem found */
  plan(): { routes: readonly PlannedRoute[]; warnings: readonly Problem[] } {
    const routes = this.#gateway.routes.map((route) => this.#route(route));
    if (this.#problems.length > 0) throw new AutoscaleError(unique(this.#problems));
    return { routes, warnings: unique(this.#warnings) };
  }

  #route(route: Route): PlannedRoute {
    const checked = route.plugins.map((use) => this.#check(use)).filter((found) => found !== undefined);
    const active = checked.filter(({ mode }) => mode !== "off");
    active.sort((a, b) => b.manifest.priority.openresty - a.manifest.priority.openresty);
    for (const one of active) this.#relations(one, route);
    return { route, plugins: active.map((one) => planned(one, this.#phases(one))) };
  }

  #check(use: PluginUse): Checked | undefined {
    const manifest = this.#manifests.get(use.name);
    if (manifest === undefined) {
      const names = [...this.#manifests.keys()].sort();
      const meant = nearest(use.name, names);
      this.#report(use.keys, true, {
        code: "E_PLUGIN_UNKNOWN",
        message: `found plugin ${JSON.stringify(use.name)}, allowed: ${names.join(", ")}`,
        remedy:
          meant === undefined ? "A plugin of your own needs its folder in custom_plugins." : `Did you mean ${meant}?`,
      });
      return undefined;
    }
    const result = validate(pluginSchema(manifest), use.config);
    if (!result.ok) {
      for (const problem of result.problems) {
        const remedy = problemRemedy(problem);
        this.#report([...use.keys, ...problem.path], problem.atKey === true, {
          code: problem.code,
          message: problemMessage(problem),
          ...(remedy === undefined ? {} : { remedy }),
        });
      }
      return undefined;
    }
    for (const warning of result.warnings) {
      const at = [...use.keys, ...warning.path];
      this.#warnings.push(this.#problem(at, true, { code: warning.code, message: `deprecated: ${warning.instead}` }));
    }
    const { mode, ...config } = result.value as { mode: Mode } & Record<string, unknown>;
    const wrong = manifest.check?.(config);
    if (wrong !== undefined) this.#report(use.keys, true, { code: "E_CONFIG_CHECK", message: wrong });
    return wrong === undefined ? { use, manifest, config, mode } : undefined;
  }

  /** The phases of one configuration; the hosts that cannot know it have prepared only those of the manifest. */
  #phases({ use, manifest, config }: Checked): readonly Phase[] {
    const phases = manifest.phasesOf?.(config) ?? manifest.phases;
    const beyond = phases.filter((phase) => !manifest.phases.includes(phase));
    if (beyond.length > 0) {
      this.#report(use.keys, true, {
        code: "E_PLUGIN_MANIFEST",
        message: `phasesOf gives ${beyond.join(", ")}, which phases does not list`,
        remedy: "List every phase that some configuration needs in the manifest's phases.",
      });
    }
    return phases;
  }

  /** What a configuration says of others: upstreams that must exist, state that it shares. */
  #relations({ use, manifest, config }: Checked, route: Route): void {
    const names = this.#gateway.upstreams.map((upstream) => upstream.name);
    for (const name of manifest.upstreams?.(config) ?? []) {
      if (names.includes(name)) continue;
      const meant = nearest(name, names);
      this.#report(use.keys, true, {
        code: "E_UPSTREAM_UNKNOWN",
        message: `found upstream ${JSON.stringify(name)}, allowed: ${names.join(", ")}`,
        ...(meant === undefined ? {} : { remedy: `Did you mean ${meant}?` }),
      });
    }
    for (const state of statesOf(manifest, config, placeOf(this.#gateway, route))) {
      this.#share(`${manifest.name}\n${state.name}`, state, use, route.name);
    }
  }

  #share(key: string, { name, config }: SharedState, use: PluginUse, route: string): void {
    const before = this.#states.get(key);
    if (before !== undefined && !isDeepStrictEqual(before.config, config)) {
      const first = this.#locate(before.use.keys, true);
      this.#report(use.keys, true, {
        code: "E_STATE_CONFLICT",
        message: `route ${JSON.stringify(route)} shares ${name} with the one at line ${first.line ?? "?"} (route ${JSON.stringify(before.route)}), but is configured otherwise`,
        remedy: "Give both the same configuration, or a scope or a name of their own.",
      });
    }
    this.#states.set(key, before ?? { config, use, route });
  }

  #problem(keys: readonly (string | number)[], atKey: boolean, problem: Problem): Problem {
    return { ...this.#locate(keys, atKey), path: formatPath(keys), ...problem };
  }

  #report(keys: readonly (string | number)[], atKey: boolean, problem: Problem): void {
    this.#problems.push(this.#problem(keys, atKey, problem));
  }
}

function planned({ manifest, config, mode }: Checked, phases: readonly Phase[]): PlannedPlugin {
  return {
    name: manifest.name,
    module: `autoscale.plugins.${manifest.name}.plugin`,
    shadow: mode === "shadow",
    phases,
    dicts: manifest.dicts,
    config,
    upstreams: manifest.upstreams?.(config) ?? [],
  };
}

/** In the order of the file. A plugin of the whole gateway is checked once a route; the same problem is told once. */
function unique(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...once.values()].sort((a, b) => {
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  });
}
