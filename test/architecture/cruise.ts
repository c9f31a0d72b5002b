import { cruise, type ICruiseOptions, type IViolation } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repository.ts";

const ROOMS = ["cli", "plugins", "nginx", "templates", "test"];

/** The borders of docs/architecture.md, as .dependency-cruiser.cjs states them. */
export const borders: ICruiseOptions = await extractDepcruiseOptions(join(root, ".dependency-cruiser.cjs"));
const typescriptOptions = extractTSConfig(join(root, "tsconfig.json"));

/**
 * The imports in a source tree that cross a border.
 * @param folder absolute path of a tree with the repository's top level
 */
export async function crossings(folder: string): Promise<readonly IViolation[]> {
  const rooms = ROOMS.filter((room) => existsSync(join(folder, room)));
  const { output } = await cruise(rooms, { ...borders, baseDir: folder }, undefined, { tsConfig: typescriptOptions });
  if (typeof output === "string") throw new Error(output);
  return output.summary.violations;
}
