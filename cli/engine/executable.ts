import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The absolute path of a program: the first match on `PATH`, then in `extraFolders`. Undefined when there is none.
 * System folders that a user's PATH often lacks (`/usr/sbin`) belong in `extraFolders`.
 */
export function findExecutable(
  name: string,
  env: NodeJS.ProcessEnv,
  extraFolders: readonly string[] = [],
): string | undefined {
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of [...onPath, ...extraFolders]) {
    const file = join(folder, name);
    if (isExecutable(file)) return file;
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
