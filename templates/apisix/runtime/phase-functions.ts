import { recordFault } from "../../../nginx/runtime/faults.ts";
import { runExitTasks, workerExit } from "../../../nginx/runtime/worker-exit.ts";
import type { Handlers } from "../../../plugins/_kit/handlers.ts";
import { setLogged } from "./apisix-context.ts";
import type { Binding } from "./binding.ts";
import type { Bindings } from "./bindings.ts";
import { NO_PEER } from "../../../nginx/runtime/no-peer-answer.ts";
import { perform, type PhaseResult } from "./perform.ts";
import { beforeProxy } from "./peer-picker.ts";

/** As APISIX calls it: without self. */
export type PhaseFunction = (this: void, config: ApisixConfig, context: ApisixContext) => PhaseResult;

function decide(bindings: Bindings, phase: "rewrite" | "access"): PhaseFunction {
  const find = bindings.find;
  return (config, context) => {
    const binding = find(config, context);
    if (binding !== undefined) {
      if (binding.picker !== undefined) {
        context.autoscale_picking = binding;
      }
      const run = binding.handlers[phase];
      if (run !== undefined) {
        const [ok, decision] = pcall(run, binding.context);
        if (!ok) {
          recordFault(binding.worker.store, binding.plugin, phase, decision);
        } else if (decision !== undefined) {
          return perform(decision, binding, config, context, phase);
        }
      }
    }
    return $multi(undefined, undefined);
  };
}

/** Before a request goes to its upstream, and before each retry, where nothing is answered. */
function pick(bindings: Bindings): PhaseFunction {
  const find = bindings.find;
  return (config, context) => {
    const binding = find(config, context);
    if (binding !== undefined) {
      const [ok, found] = pcall(beforeProxy, binding, context);
      if (!ok) {
        recordFault(binding.worker.store, binding.plugin, "select_upstream", found);
      } else if (!found) {
        return perform(NO_PEER, binding, config, context, "select_upstream");
      }
    }
    return $multi(undefined, undefined);
  };
}

/** Runs `call` where there is a binding; what these phases return says nothing to APISIX. */
function without(
  bindings: Bindings,
  call: (this: void, binding: Binding, context: ApisixContext) => void,
): PhaseFunction {
  const find = bindings.find;
  return (config, context) => {
    const binding = find(config, context);
    if (binding !== undefined) {
      call(binding, context);
    }
    return $multi(undefined, undefined);
  };
}

function headerFilter(binding: Binding): void {
  const run = binding.handlers.header_filter;
  if (run !== undefined) {
    const [ok, thrown] = pcall(run, binding.context);
    if (!ok) {
      recordFault(binding.worker.store, binding.plugin, "header_filter", thrown);
    }
  }
}

function bodyFilter(binding: Binding): void {
  const run: Handlers["body_filter"] = binding.handlers.body_filter;
  if (run !== undefined) {
    const [ok, replaced] = pcall(run, binding.context, ngx.arg[1], ngx.arg[2]);
    if (!ok) {
      recordFault(binding.worker.store, binding.plugin, "body_filter", replaced);
    } else if (replaced !== undefined) {
      ngx.arg[1] = replaced;
    }
  }
}

function log(binding: Binding, context: ApisixContext): void {
  const run = binding.handlers.log;
  if (run !== undefined) {
    setLogged(context);
    const [ok, thrown] = pcall(run, binding.context);
    setLogged(undefined);
    if (!ok) {
      recordFault(binding.worker.store, binding.plugin, "log", thrown);
    }
  }
  binding.memory.forget();
  if (workerExit.begun) {
    runExitTasks();
  }
}

/** The function of each phase that APISIX may ask for; no request makes a closure. */
export function phaseFunctions(bindings: Bindings): Readonly<Record<string, PhaseFunction>> {
  return {
    rewrite: decide(bindings, "rewrite"),
    access: decide(bindings, "access"),
    before_proxy: pick(bindings),
    header_filter: without(bindings, headerFilter),
    body_filter: without(bindings, bodyFilter),
    log: without(bindings, log),
  };
}
