import type { Phase, Place } from "./handlers.ts";
import type { Infer, RecordSchema } from "./schema/index.ts";

/** Every plugin takes `mode`: do it, only count and report what would be done, or nothing at all. */
export type Mode = "enforce" | "shadow" | "off";

/** What Node knows of a plugin: its `manifest.ts` exports one of these by default. */
export interface Manifest<Schema extends RecordSchema = RecordSchema> {
  /** kebab-case, the same as the plugin's folder. */
  readonly name: string;
  /** x.y.z */
  readonly version: string;
  /** One sentence, 10 to 500 characters. */
  readonly description: string;
  /** Plugins run from high to low, in every phase. */
  readonly priority: { readonly openresty: number; readonly kong: number; readonly apisix: number };
  /** Every phase that some configuration needs: others are never emitted. */
  readonly phases: readonly Phase[];
  /** Those of `phases` that this configuration needs, where that is fewer; a host that knows it emits only these. */
  readonly phasesOf?: (config: Infer<Schema>) => readonly Phase[];
  /**
   * True for a plugin that works without requests, as one that looks for peers does: where instances are made at the first request
   * (Kong, APISIX), those of this plugin begin with the configuration, in every worker. Absent: false.
   */
  readonly early?: boolean;
  /** Shared dicts it uses. */
  readonly dicts: readonly string[];
  readonly config: Schema;
  /**
   * Cross-field rule, also compiled for the gateways that validate at run time: a sentence saying what is
   * wrong and how to mend it, or undefined. Lives in its own `check.ts`, in the Lua subset of TypeScript.
   */
  readonly check?: (config: Infer<Schema>) => string | undefined;
  /** Names of other upstreams the configuration may route to; they must exist. */
  readonly upstreams?: (config: Infer<Schema>) => readonly string[];
  /**
   * The name of the state this instance keeps. Two instances of one plugin with the same name share that
   * state, so their configurations must be equal; the build refuses otherwise.
   */
  readonly stateName?: (config: Infer<Schema>, place: Place) => string;
  /** The part of the configuration that must be equal then; absent: all of it. */
  readonly stateConfig?: (config: Infer<Schema>) => unknown;
  /** More state that instances may share, each by its own name and with what must be equal to share it. */
  readonly sharedStates?: (config: Infer<Schema>) => readonly SharedState[];
}

/** State that all instances of a plugin share that give it the same name. */
export interface SharedState {
  /** e.g. `limit:api` */
  readonly name: string;
  /** What must be equal then. */
  readonly config: unknown;
}

/** Declares a plugin. Only gives types; the checks are made when the plugin is loaded. */
export function definePlugin<Schema extends RecordSchema>(manifest: Manifest<Schema>): Manifest<Schema> {
  return manifest;
}
