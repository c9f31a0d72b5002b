import type { Context } from "../../../plugins/_kit/context.ts";
import type { Handlers } from "../../../plugins/_kit/handlers.ts";
import type { ApisixWorker } from "./apisix-worker.ts";
import type { PluginMemory } from "./memory.ts";

/** Picks for the upstream of one binding. */
export interface BalancerPicker {
  /** Sends the request to a peer of its first try, in access; again after others have excluded more. False: there is none. */
  readonly pick: (this: void, request: ApisixContext) => boolean;
}

/** A plugin at work for one configuration on one route. */
export interface Binding {
  readonly plugin: string;
  readonly handlers: Handlers;
  readonly context: Context;
  readonly memory: PluginMemory;
  readonly worker: ApisixWorker;
  /** There when it picks the peers of its upstream by itself. */
  readonly picker: BalancerPicker | undefined;
}
