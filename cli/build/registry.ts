import { readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { AutoscaleError } from "../errors.ts";
import { validateManifest } from "./compile/validate-manifest.ts";
import { moduleExtension, pluginsRoot } from "./compile/places.ts";

let loaded: Promise<Map<string, Manifest>> | undefined;

/** The product's own plugins by name, found by scanning the folders; read once in a process. Loads no TypeScript. */
export function stockPlugins(): Promise<Map<string, Manifest>> {
  loaded ??= scan(pluginsRoot);
  return loaded;
}

async function scan(root: string): Promise<Map<string, Manifest>> {
  const entries = await readdir(root, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map((entry) => entry.name)
    .filter((name) => existsSync(manifestFile(root, name)))
    .sort();
  const manifests = new Map<string, Manifest>();
  // One after the other: loaders that compile (jiti, in tests) hand out half-loaded modules to imports at the same time.
  for (const name of folders) manifests.set(name, await importManifest(manifestFile(root, name), name));
  return manifests;
}

function manifestFile(root: string, name: string): string {
  return join(root, name, `manifest${moduleExtension}`);
}

async function importManifest(file: string, folder: string): Promise<Manifest> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default?: unknown };
  const problems = validateManifest(module.default, folder);
  if (problems.length > 0) throw new AutoscaleError(problems.map((problem) => ({ ...problem, file })));
  return module.default as Manifest;
}
