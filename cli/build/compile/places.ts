import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Where the product's own files are. The same code runs from the sources (tests) and from `lib` (installed); in `lib`
 * the sources that custom plugins are compiled against lie in `lib/source`, laid out as in the repository.
 */
const here = fileURLToPath(import.meta.url);
const fromSource = here.endsWith(".ts");

/** Folder of package.json. */
export const packageRoot = findPackageRoot(dirname(here));

/** Folder of `tstl.json`, `nginx/types`, `plugins/_kit` and `plugins/_core` in TypeScript. */
export const sourceRoot = fromSource ? packageRoot : join(packageRoot, "lib", "source");

/** The precompiled Lua and its index `modules.json`. */
export const luaRoot = join(packageRoot, "lib", "lua");

/** The stock plugins' folders with their manifests, as Node can import them. */
export const pluginsRoot = fromSource ? join(packageRoot, "plugins") : join(packageRoot, "lib", "plugins");

/** `.ts` from the sources, `.js` when compiled. */
export const moduleExtension = fromSource ? ".ts" : ".js";

function findPackageRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${from}`);
    folder = parent;
  }
  return folder;
}
