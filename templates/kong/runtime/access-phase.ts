import type { Instance } from "../../../nginx/runtime/instance.ts";
import type { Context } from "../../../plugins/_kit/context.ts";
import type { Decision } from "../../../plugins/_kit/decision.ts";
import { binder, type Fault } from "./bound.ts";
import { balance } from "./peer-balance.ts";
import { perform } from "./perform.ts";
import { addSelector } from "./selectors.ts";

/**
 * What an instance does in Kong's access. Kong's rewrite runs before a route is chosen, and for global configurations only: ours
 * comes first in access. A rejection does not come back from here: Kong leaves the coroutine for good.
 */
export function accessPhase(context: Context, fault: Fault): (this: void, instance: Instance) => void {
  const bind = binder(context, fault);

  function ask(phase: "rewrite" | "access", run: (this: void, context: Context) => Decision | undefined): void {
    const [ok, decision] = pcall(run, context);
    if (!ok) {
      fault(phase, decision);
    } else if (decision !== undefined) {
      const [, problem] = pcall(perform, decision);
      if (problem !== undefined) {
        fault(phase, problem);
      }
    }
  }

  return (instance) => {
    const { rewrite, access, select_upstream, balancer } = instance.handlers;
    if (rewrite !== undefined) {
      ask("rewrite", rewrite);
    }
    if (access !== undefined) {
      ask("access", access);
    }
    if (select_upstream !== undefined) {
      addSelector(bind(instance));
    }
    if (balancer !== undefined) {
      const [ok, thrown] = pcall(balance, balancer, bind(instance));
      if (!ok) {
        fault("access", thrown);
      }
    }
  };
}
