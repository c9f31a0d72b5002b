import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LuaModule } from "../../cli/build/compile/lua-module.ts";
import { lualibFor } from "../../cli/build/compile/lualib.ts";
import { packageRoot } from "../../cli/build/compile/places.ts";
import { compileStock } from "../../cli/build/compile/stock-sources.ts";

const CACHE = join(packageRoot, ".cache", "lua-modules");

/**
 * The Lua modules of these folders of the repository and of what they import, compiled from the sources as they are now.
 * Compiled once for the same sources: test files share the outcome through `.cache`.
 * @param folders below the repository, e.g. `plugins/_core`, or single files
 */
export function luaModules(folders: readonly string[]): readonly LuaModule[] {
  const file = join(CACHE, `${fingerprint(folders)}.json`);
  const cached = readCache(file);
  if (cached !== undefined) return cached;
  const isWanted = (source: string) => folders.some((each) => source === each || source.startsWith(`${each}/`));
  const compiled = compileStock(packageRoot, isWanted);
  const library = lualibFor(compiled);
  const modules = library === undefined ? compiled : [...compiled, library];
  mkdirSync(CACHE, { recursive: true });
  const temporary = `${file}.${String(process.pid)}`;
  writeFileSync(temporary, JSON.stringify(modules));
  renameSync(temporary, file);
  return modules;
}

function readCache(file: string): readonly LuaModule[] | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as readonly LuaModule[];
  } catch {
    return undefined;
  }
}

function fingerprint(folders: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(folders));
  const compiler = ["cli/build/compile/emit.ts", "cli/build/compile/requires.ts", "cli/build/compile/lua-module.ts"];
  const inputs = [...compiler, "tstl.json", "package.json"].map((path) => join(packageRoot, path));
  for (const path of [...inputs, ...programSources()]) hash.update(path).update(readFileSync(path));
  return hash.digest("hex").slice(0, 20);
}

/** Every TypeScript file that may be part of the Lua program: `tstl.json` names only those that others are imported from. */
function programSources(): string[] {
  return ["nginx", "plugins", "templates"].flatMap((room) =>
    readdirSync(join(packageRoot, room), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .sort()
      .map((path) => join(packageRoot, room, path)),
  );
}
