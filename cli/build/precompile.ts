import { createHash } from "node:crypto";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AutoscaleError } from "../errors.ts";
import type { LuaModule } from "./compile/lua-module.ts";
import { lualibFor } from "./compile/lualib.ts";
import { luaRoot, packageRoot } from "./compile/places.ts";
import { compileStock } from "./compile/stock-sources.ts";
import type { StockEntry } from "./compile/stock.ts";
import { checkLuaSyntax } from "./compile/syntax.ts";

/**
 * The last step of `npm run build`: stock Lua with maps and index into `lib/lua`, and into `lib/source` the TypeScript that
 * custom plugins are compiled against, so that an installed package needs nothing but `lib`.
 */
export async function precompile(root: string = packageRoot, out: string = luaRoot): Promise<readonly LuaModule[]> {
  const compiled = compileStock(root);
  const library = lualibFor(compiled);
  const modules = library === undefined ? compiled : [...compiled, library];
  const problems = await checkLuaSyntax(modules);
  if (problems !== "no luajit" && problems.length > 0) throw new AutoscaleError(problems);
  await rm(out, { recursive: true, force: true });
  for (const module of modules) await writeModule(module, out);
  await writeFile(join(out, "modules.json"), `${JSON.stringify(modules.map(entryFor), null, 1)}\n`);
  await copySources(root, join(dirname(out), "source"));
  return modules;
}

async function writeModule(module: LuaModule, out: string): Promise<void> {
  const file = join(out, module.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, module.lua);
  await writeFile(`${file}.map`, module.map);
}

function entryFor({ name, path, source, requires, lua }: LuaModule): StockEntry {
  return { name, path, source, requires, sha256: createHash("sha256").update(lua).digest("hex") };
}

async function copySources(root: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const filter = (from: string): boolean => !/\.test(-d)?\.ts$|\/testing$/.test(from);
  for (const path of ["tstl.json", "nginx/types", "plugins/_kit", "plugins/_core"]) {
    await cp(join(root, path), join(out, path), { recursive: true, filter });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  try {
    const modules = await precompile();
    process.stdout.write(
      `${String(modules.length)} Lua modules in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
    );
  } catch (error) {
    if (!(error instanceof AutoscaleError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
