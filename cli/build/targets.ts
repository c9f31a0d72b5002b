import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AutoscaleError } from "../errors.ts";
import type { Target } from "./target.ts";

/** The folder of the targets, beside `cli/` in the sources and in the package. */
const ROOT = new URL("../../templates/", import.meta.url);
const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** A target and where its templates lie. */
export interface LoadedTarget {
  readonly target: Target;
  readonly folder: URL;
}

/** Names of all targets, found by scanning the folders. */
export async function targetNames(): Promise<string[]> {
  const entries = await readdir(fileURLToPath(ROOT), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(new URL(`${name}/target${EXTENSION}`, ROOT)))
    .sort();
}

/** Loads one target by name, with the capabilities of the one it carries. */
export async function loadTarget(name: string): Promise<LoadedTarget> {
  const names = await targetNames();
  if (!names.includes(name)) {
    throw new AutoscaleError({
      code: "E_TARGET_UNKNOWN",
      message: `found target ${JSON.stringify(name)}, allowed: ${names.join(", ")}`,
      remedy: `Use --target ${names.join(" or --target ")}.`,
    });
  }
  const folder = new URL(`${name}/`, ROOT);
  const module = (await import(/* @vite-ignore */ new URL(`target${EXTENSION}`, folder).href)) as { default: Target };
  return { target: await withCarried(module.default), folder };
}

async function withCarried(target: Target): Promise<Target> {
  if (target.carries === undefined) return target;
  const own = new Set(target.capabilities.map(({ feature }) => feature));
  const { target: carried } = await loadTarget(target.carries.target);
  const rest = carried.capabilities.filter(({ feature }) => !own.has(feature));
  return { ...target, capabilities: [...target.capabilities, ...rest] };
}
