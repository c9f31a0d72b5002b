import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { inRoot, root } from "./places.mjs";

const FOLDERS = ["cli", "plugins", "nginx", "templates"];
const FILES = ["package.json", "package-lock.json", "tsconfig.json", "tstl.json"];

/** A hash of everything `lib` is made of: sources and settings, no tests and no prose. */
export async function sourceHash() {
  const hash = createHash("sha256");
  const found = (await Promise.all(FOLDERS.map((folder) => filesBelow(inRoot(folder))))).flat();
  const files = [...found, ...FILES.map((file) => inRoot(file))].sort();
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex");
}

/** Every file of a folder that is neither a test nor prose. */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.(?:test(?:-d)?\.ts|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
