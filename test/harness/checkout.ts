import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/build/compile/places.ts";
import { temporaryFiles } from "./temporary-files.ts";

/** A Lua program of its own with these sources, the product's options and types; goes away with the test. */
export function checkout(sources: Readonly<Record<string, string>>): string {
  const root = temporaryFiles(sources);
  mkdirSync(join(root, "node_modules"), { recursive: true });
  for (const name of ["lua-types", "@typescript-to-lua"]) {
    symlinkSync(join(packageRoot, "node_modules", name), join(root, "node_modules", name));
  }
  for (const path of ["tstl.json", "nginx/types"])
    cpSync(join(packageRoot, path), join(root, path), { recursive: true });
  return root;
}
