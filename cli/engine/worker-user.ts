import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "./types.ts";

const OTHERS_MAY_ENTER = 0o001;

async function closedFolder(folder: string): Promise<string | undefined> {
  const { mode } = await stat(folder);
  if ((mode & OTHERS_MAY_ENTER) === 0) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : closedFolder(parent);
}

/**
 * The workers of an nginx that root starts run as another user, who reads the Lua modules. Where that user cannot get to
 * the bundle (root's home, a temporary folder) every request would fail.
 *
 * @param uid of this process
 * @returns the folder that only root may enter, when the workers must therefore be root too
 */
export async function onlyForRoot(
  engine: Engine,
  prefix: string,
  uid: number | undefined = process.getuid?.(),
): Promise<string | undefined> {
  if (uid !== 0 || engine.kind === "container") return undefined;
  const conf = await readFile(join(prefix, "conf/nginx.conf"), "utf8");
  return /^\s*user\s/m.test(conf) ? undefined : closedFolder(prefix);
}
