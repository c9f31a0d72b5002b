/** The plugins of ours that Kong has loaded, for those who look at all of them. */
import type { Instance } from "../../../nginx/runtime/instance.ts";

/** A plugin and how to find all its instances in this worker. */
export interface ListedPlugin {
  readonly name: string;
  readonly instances: (this: void) => readonly Instance[];
}

const plugins: ListedPlugin[] = [];

/** Called as handler.lua is loaded. */
export function listPlugin(plugin: ListedPlugin): void {
  plugins.push(plugin);
}

export function pluginNames(): readonly string[] {
  const names: string[] = [];
  for (const { name } of plugins) {
    names.push(name);
  }
  return names;
}

export function everyInstance(): readonly Instance[] {
  const all: Instance[] = [];
  for (const { instances } of plugins) {
    for (const instance of instances()) {
      all.push(instance);
    }
  }
  return all;
}
