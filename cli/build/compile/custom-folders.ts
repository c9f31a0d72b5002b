import { readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Problem } from "../../errors.ts";
import { displayPath } from "./display-path.ts";

/** One plugin of the user's own, as found on disk. */
export interface CustomFolder {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The entry of `custom_plugins` it lies in, by its last name: sources are named from here. */
  readonly parent: string;
  /** Absolute; the entry and, where there is one, the cross-field rule. */
  readonly entries: readonly string[];
  /** Absolute. */
  readonly manifest: string;
}

/** Finds the plugins in the folders of `custom_plugins`. Folders that begin with `_` or `.` are not plugins. */
export async function findCustomFolders(
  folders: readonly string[],
  stockNames: ReadonlySet<string>,
): Promise<{ readonly found: readonly CustomFolder[]; readonly problems: readonly Problem[] }> {
  const found: CustomFolder[] = [];
  const problems: Problem[] = [];
  for (const parent of folders.map((folder) => resolve(folder))) {
    const names = await pluginNames(parent);
    if (names === undefined || names.length === 0) problems.push(emptyFolder(parent, names));
    for (const name of names ?? []) {
      const plugin = describe(parent, name);
      const problem = missingFile(plugin) ?? takenName(plugin, found, stockNames);
      if (problem === undefined) found.push(plugin);
      else problems.push(problem);
    }
  }
  return { found, problems };
}

/** Undefined when there is no such folder. */
async function pluginNames(parent: string): Promise<string[] | undefined> {
  if (!existsSync(parent)) return undefined;
  const entries = await readdir(parent, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !/^[_.]/.test(entry.name) && entry.name !== "node_modules")
    .map((entry) => entry.name)
    .filter((name) => ["manifest.ts", "plugin.ts"].some((file) => existsSync(join(parent, name, file))))
    .sort();
}

function describe(parent: string, name: string): CustomFolder {
  const folder = join(parent, name);
  const plugin = join(folder, "plugin.ts");
  const check = join(folder, "check.ts");
  const entries = existsSync(check) ? [plugin, check] : [plugin];
  return { name, folder, parent: basename(parent), entries, manifest: join(folder, "manifest.ts") };
}

function emptyFolder(parent: string, names: readonly string[] | undefined): Problem {
  const message = names === undefined ? "found no such folder" : "found no plugin in the folder";
  return {
    code: "E_PLUGIN_FOLDER",
    file: displayPath(parent),
    message: `${message}, allowed: a folder with <name>/manifest.ts and <name>/plugin.ts`,
    remedy: "Mend custom_plugins in gateway.yaml, or run: autoscale-lua new plugin <name>",
  };
}

function missingFile({ folder, name }: CustomFolder): Problem | undefined {
  const missing = ["manifest.ts", "plugin.ts"].find((file) => !existsSync(join(folder, file)));
  if (missing === undefined) return undefined;
  return { code: "E_PLUGIN_FILE", file: displayPath(folder), message: `the plugin "${name}" has no ${missing}` };
}

function takenName(
  { folder, name }: CustomFolder,
  found: readonly CustomFolder[],
  stock: ReadonlySet<string>,
): Problem | undefined {
  const owner = stock.has(name) ? "a stock plugin" : found.find((other) => other.name === name)?.folder;
  if (owner === undefined) return undefined;
  const message = `the name "${name}" is taken by ${displayPath(owner)}`;
  return {
    code: "E_PLUGIN_NAME",
    file: displayPath(folder),
    message,
    remedy: "Rename the folder and the manifest's name.",
  };
}
