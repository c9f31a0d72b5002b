import type { LuaModule } from "./lua-module.ts";
import { stockModules } from "./stock.ts";

/**
 * All the Lua a bundle needs: the modules with these names and what they require, stock and custom, sorted by name.
 * @param roots e.g. the plugins' entries and the target's runtime
 * @param custom the modules of `loadCustomPlugins`
 * @param folder where the stock modules lie; `lib/lua` when absent
 */
export async function collectModules(
  roots: readonly string[],
  custom: readonly LuaModule[] = [],
  folder?: string,
): Promise<LuaModule[]> {
  const own = new Map(custom.map((module) => [module.name, module]));
  const taken = new Map<string, LuaModule>();
  const stock = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const module = own.get(name);
    if (module === undefined) stock.add(name);
    else if (!taken.has(name)) {
      taken.set(name, module);
      queue.push(...module.requires);
    }
  }
  const modules = await stockModules([...stock], folder);
  return [...taken.values(), ...modules].sort((a, b) => (a.name < b.name ? -1 : 1));
}
