import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LuaModule } from "./lua-module.ts";
import { luaRoot } from "./places.ts";

/** What `modules.json` says of one precompiled module. */
export interface StockEntry {
  readonly name: string;
  readonly path: string;
  readonly source: string;
  readonly requires: readonly string[];
  /** Of the Lua text, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The precompiled modules with these names and all that they require, sorted by name. Loads no TypeScript.
 * @param roots module names, e.g. `autoscale.plugins.circuit-breaker.plugin`
 * @param folder where `modules.json` lies
 * @throws Error when a name is unknown or the package was never built: faults of the package, not of the user
 */
export async function stockModules(roots: readonly string[], folder: string = luaRoot): Promise<LuaModule[]> {
  const index = await readIndex(folder);
  const names = [...closure(roots, index)].sort();
  return Promise.all(names.map((name) => readModule(entryOf(name, index), folder)));
}

/** Every precompiled module by name. */
export async function readIndex(folder: string = luaRoot): Promise<Map<string, StockEntry>> {
  const file = join(folder, "modules.json");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(`cannot read ${file}: run "npm run build" first`, { cause });
  });
  const entries = JSON.parse(text) as readonly StockEntry[];
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function closure(roots: readonly string[], index: ReadonlyMap<string, StockEntry>): Set<string> {
  const reached = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    queue.push(...entryOf(name, index).requires);
  }
  return reached;
}

function entryOf(name: string, index: ReadonlyMap<string, StockEntry>): StockEntry {
  const entry = index.get(name);
  if (entry === undefined) throw new Error(`no stock Lua module "${name}"`);
  return entry;
}

async function readModule(entry: StockEntry, folder: string): Promise<LuaModule> {
  const file = join(folder, entry.path);
  const [lua, map] = await Promise.all([readFile(file, "utf8"), readFile(`${file}.map`, "utf8")]);
  const { name, path, source, requires } = entry;
  return { name, path, source, requires, lua, map };
}
