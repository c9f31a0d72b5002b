/** Writes a bundle whole or not at all: staged beside its place, checked there, then put in place by a rename. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AutoscaleError } from "../errors.ts";
import type { Bundle } from "./pipeline.ts";
import { putInPlace } from "./put-in-place.ts";
import { writing } from "./write-errors.ts";

/** Looks at the staged bundle before it is put in place; throws to refuse it. */
export type Inspect = (staged: string) => Promise<void>;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The manifest: no time and no path of the machine, so that the same input gives the same bytes. */
export function manifestText(bundle: Bundle, version: string): string {
  const hashes = [...bundle.files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => [path, sha256(text)]);
  const manifest = {
    format: 1,
    version,
    target: bundle.target,
    ...bundle.facts,
    files: Object.fromEntries(hashes) as object,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Whether the folder holds a bundle of this target, which a new one may replace. */
async function isBundle(place: string, manifestFile: string): Promise<boolean> {
  try {
    const { target, files } = JSON.parse(await readFile(join(place, manifestFile), "utf8")) as Record<string, unknown>;
    return target === basename(place) && typeof files === "object";
  } catch {
    return false;
  }
}

async function assertReplaceable(place: string, { manifestFile }: Bundle): Promise<void> {
  if (!existsSync(place) || (await isBundle(place, manifestFile)) || (await readdir(place)).length === 0) return;
  throw new AutoscaleError({
    code: "E_OUT_NOT_A_BUNDLE",
    message: `${place} holds files that are not a bundle of ours; they were left alone`,
    remedy: "Choose another --out, or remove that folder.",
  });
}

async function stage(folder: string, bundle: Bundle, version: string): Promise<void> {
  const files = [...bundle.files, [bundle.manifestFile, manifestText(bundle, version)] as const];
  const folders = new Set(files.map(([path]) => dirname(join(folder, path))));
  for (const runtime of bundle.runtimeFolders) folders.add(join(folder, runtime));
  await Promise.all([...folders].map((path) => mkdir(path, { recursive: true })));
  await Promise.all(files.map(([path, text]) => writeFile(join(folder, path), text)));
}

/**
 * Writes `bundle` to `<out>/<target>`. Whatever fails before the last step leaves the bundle that was there as it was.
 * @returns the bundle's folder
 */
export async function packBundle(bundle: Bundle, version: string, out: string, inspect: Inspect): Promise<string> {
  const place = join(out, bundle.target);
  const mark = randomBytes(4).toString("hex");
  const staged = join(out, `.${basename(place)}-${mark}.new`);
  try {
    await writing(place, async () => {
      await assertReplaceable(place, bundle);
      await stage(staged, bundle, version);
    });
    await inspect(staged);
    const aside = join(out, `.${basename(place)}-${mark}.old`);
    await writing(place, () => putInPlace(staged, place, aside, bundle.runtimeFolders));
  } finally {
    await writing(place, () => rm(staged, { recursive: true, force: true }));
  }
  return place;
}
