import { recordFault } from "../../../nginx/runtime/faults.ts";
import { runExitTasks, workerExit } from "../../../nginx/runtime/worker-exit.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import { accessPhase } from "./access-phase.ts";
import { instancesOf } from "./instances.ts";
import { kongContext } from "./kong-context.ts";
import { kongWorker } from "./kong-worker.ts";
import { listPlugin } from "./plugin-list.ts";
import type { PluginSpec } from "./plugin-spec.ts";

/** Kong calls these with a dot and the handler as the first argument. */
type Phase = (this: void, self: unknown, config: KongConfig) => void;

/** What `require("kong.plugins.<name>.handler")` gives. Kong writes VERSION anew, so it is a plain table. */
export interface KongHandler {
  readonly PRIORITY: number;
  VERSION: string;
  init_worker: (this: void, self: unknown) => void;
  configure: (this: void, self: unknown, configs: readonly KongConfig[] | undefined) => void;
  access?: Phase;
  header_filter?: Phase;
  body_filter?: Phase;
  log?: Phase;
}

function fault(plugin: string, phase: string, thrown: unknown): void {
  const worker = kongWorker();
  if (worker !== undefined) {
    recordFault(worker.store, plugin, phase, thrown);
  }
}

/**
 * The plugin as Kong runs it. header_filter, body_filter and log have no net in Kong: an error there would cost the client
 * its answer, or other plugins their log. So whatever our side throws is caught here.
 */
export function handler(spec: PluginSpec): KongHandler {
  const { name, phases } = spec;
  const instances = instancesOf(spec);
  const { context, forget } = kongContext(name);
  listPlugin({ name, instances: instances.everywhere });

  function find(config: KongConfig): Instance | undefined {
    const [ok, instance] = pcall(instances.find, config);
    if (ok) {
      return instance;
    }
    fault(name, "create", instance);
    return undefined;
  }

  const runAccess = accessPhase(context, (phase, thrown) => {
    fault(name, phase, thrown);
  });

  const made: KongHandler = {
    PRIORITY: spec.priority,
    VERSION: spec.version,
    init_worker: () => {
      kongWorker();
    },
    configure: (_self, configs) => {
      instances.retain(configs ?? []);
    },
  };
  if (phases["access"] === true || phases["rewrite"] === true || phases["select_upstream"] === true) {
    made.access = (_self, config) => {
      const instance = find(config);
      if (instance !== undefined) {
        runAccess(instance);
      }
    };
  }
  if (phases["header_filter"] === true) {
    made.header_filter = (_self, config) => {
      const run = find(config)?.handlers.header_filter;
      if (run !== undefined) {
        const [ok, thrown] = pcall(run, context);
        if (!ok) {
          fault(name, "header_filter", thrown);
        }
      }
    };
  }
  if (phases["body_filter"] === true) {
    made.body_filter = (_self, config) => {
      const run = find(config)?.handlers.body_filter;
      if (run !== undefined) {
        const [ok, replaced] = pcall(run, context, ngx.arg[1], ngx.arg[2]);
        if (!ok) {
          fault(name, "body_filter", replaced);
        } else if (replaced !== undefined) {
          ngx.arg[1] = replaced;
        }
      }
    };
  }
  if (phases["log"] === true) {
    made.log = (_self, config) => {
      const run = find(config)?.handlers.log;
      if (run !== undefined) {
        const [ok, thrown] = pcall(run, context);
        if (!ok) {
          fault(name, "log", thrown);
        }
        forget();
      }
      if (workerExit.begun) {
        runExitTasks();
      }
    };
  }
  return made;
}
