import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../cli/build/compile/places.ts";
import type { StockEntry } from "../../cli/build/compile/stock.ts";
import { luaModules } from "./lua-modules.ts";

/** What every gateway runs; a fault in another gateway's host is nobody else's. */
const ROOMS = ["plugins", "nginx/runtime"];

const CACHE = join(packageRoot, ".cache", "stock-lua");

/**
 * A folder like `lib/lua`, compiled from the sources as they are now: a test of an engine never runs what was built
 * some time ago.
 * @param host the target whose runtime is there beside the plugins
 */
export function freshStockLua(host = "openresty"): string {
  const modules = luaModules([...ROOMS, `templates/${host}`]);
  const entries: StockEntry[] = modules.map(({ name, path, source, requires, lua }) => {
    return { name, path, source, requires, sha256: createHash("sha256").update(lua).digest("hex") };
  });
  const index = JSON.stringify(entries);
  const folder = join(CACHE, createHash("sha256").update(index).digest("hex").slice(0, 20));
  if (existsSync(folder)) return folder;
  const staged = `${folder}.${String(process.pid)}`;
  for (const { path, lua, map } of modules) {
    mkdirSync(dirname(join(staged, path)), { recursive: true });
    writeFileSync(join(staged, path), lua);
    writeFileSync(join(staged, `${path}.map`), map);
  }
  writeFileSync(join(staged, "modules.json"), index);
  try {
    renameSync(staged, folder);
  } catch {
    // Another process was first, with the same outcome.
    rmSync(staged, { recursive: true });
  }
  return folder;
}
