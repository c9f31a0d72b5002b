import type { Instance } from "../../../nginx/runtime/instance.ts";
import type { Context } from "../../../plugins/_kit/context.ts";
import type { Handlers } from "../../../plugins/_kit/handlers.ts";

/** Counts and logs what was thrown in a phase. */
export type Fault = (this: void, phase: string, thrown: unknown) => void;

/** An instance of a plugin with what its handlers are called with: what a request keeps of those that pick its peers. */
export interface Bound {
  readonly handlers: Handlers;
  readonly context: Context;
  readonly fault: Fault;
}

/** Gives one object for each instance, so that no request makes one. */
export function binder(context: Context, fault: Fault): (this: void, instance: Instance) => Bound {
  const made = setmetatable(new LuaMap<Instance, Bound>(), { __mode: "k" });
  return (instance) => {
    const present = made.get(instance);
    if (present !== undefined) {
      return present;
    }
    const bound = { handlers: instance.handlers, context, fault };
    made.set(instance, bound);
    return bound;
  };
}
