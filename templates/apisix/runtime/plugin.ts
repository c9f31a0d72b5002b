import { startWorker } from "./apisix-worker.ts";
import { type Bindings, createBindings } from "./bindings.ts";
import { problemOf } from "./check-config.ts";
import { type ControlRoute, controlRoutes } from "./control-api.ts";
import { earlyStart } from "./early-start.ts";
import { phaseFunctions } from "./phase-functions.ts";
import type { PluginFile } from "./plugin-file.ts";

/** A plugin as APISIX asks for it. It never passes self. */
interface ApisixPlugin {
  [phase: string]: unknown;
  readonly version: number;
  readonly priority: number;
  readonly name: string;
  readonly schema: object;
  /** A route's own configuration takes the place of a global rule's. */
  readonly run_policy: "prefer_route";
  readonly check_schema: (
    this: void,
    config: ApisixConfig,
    schemaType: unknown,
  ) => LuaMultiReturn<[boolean, string | undefined]>;
  readonly init: (this: void) => void;
  readonly destroy: (this: void) => void;
  readonly control_api: (this: void) => readonly ControlRoute[];
}

/**
 * By the plugin's name. APISIX's reload of plugins loads only the file in `apisix/plugins` again and this module stays, so
 * requests under way find what they began with.
 */
const bindingsOf = new LuaMap<string, Bindings>();

/** What each worker does when the plugin comes and goes. */
function lifeOf(file: PluginFile, bindings: Bindings): Pick<ApisixPlugin, "init" | "destroy"> {
  const early = file.early === true ? earlyStart(file.name, bindings) : undefined;
  return {
    init: () => {
      if (startWorker() !== undefined) {
        early?.begin();
      }
    },
    destroy: () => {
      early?.end();
      bindings.end();
    },
  };
}

/** What `apisix/plugins/<name>.lua` returns. */
export function define(file: PluginFile): ApisixPlugin {
  let bindings = bindingsOf.get(file.name);
  if (bindings === undefined) {
    bindings = createBindings(file);
    bindingsOf.set(file.name, bindings);
  }
  const own = bindings;
  const { init, destroy } = lifeOf(file, own);
  const plugin: ApisixPlugin = {
    version: file.version,
    priority: file.priority,
    name: file.name,
    schema: file.schema,
    run_policy: "prefer_route",
    check_schema: (config) => {
      const problem = problemOf(file, config);
      if (problem !== undefined) {
        return $multi(false, problem);
      }
      return $multi(true, undefined);
    },
    init,
    destroy,
    control_api: () => controlRoutes(file, own),
  };
  const functions = phaseFunctions(own);
  for (const phase of file.phases) {
    plugin[phase] = functions[phase];
  }
  return plugin;
}
