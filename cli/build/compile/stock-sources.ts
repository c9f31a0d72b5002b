import { relative } from "node:path";
import { AutoscaleError } from "../../errors.ts";
import { emitLua } from "./emit.ts";
import { findLibraryCalls } from "./hot-files.ts";
import { stockModuleName, type LuaModule } from "./lua-module.ts";
import { readLuaConfig } from "./options.ts";
import { packageRoot } from "./places.ts";

/**
 * Compiles the product's own Lua program from its TypeScript sources. Only for a checkout: an installed package reads
 * the outcome with `readStock`.
 * @param only compile just these files of the program, given below the repository, and what they import
 * @throws AutoscaleError with every problem found
 */
export function compileStock(root: string = packageRoot, only?: (source: string) => boolean): LuaModule[] {
  const { options, fileNames, isLibrary } = readLuaConfig(root);
  const sourceOf = (fileName: string): string => relative(root, fileName).replaceAll("\\", "/");
  const wanted = fileNames.filter((name) => name.endsWith(".d.ts") || (only?.(sourceOf(name)) ?? true));
  const modules = emitLua({
    options,
    rootNames: wanted,
    isLibrary,
    identify: (fileName) => {
      const source = sourceOf(fileName);
      const name = stockModuleName(source);
      return name === undefined ? undefined : { name, source };
    },
  });
  const calls = findLibraryCalls(modules);
  if (calls.length > 0) throw new AutoscaleError(calls);
  return modules;
}
