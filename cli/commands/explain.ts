import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { AutoscaleError } from "../errors.ts";
import { explain, readLuaMaps } from "../explain/index.ts";

export interface ExplainOptions {
  /** The log; standard input when absent. */
  readonly file?: string;
  /** A bundle, or the folder the bundles lie in. */
  readonly bundle: string;
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Copies a log, with Lua positions rewritten to TypeScript, line by line as it comes.
 * @throws AutoscaleError when there is no such log or no bundle with maps
 */
export async function explainCommand({ file, bundle, input, output }: ExplainOptions): Promise<void> {
  const maps = await readLuaMaps(mapsFolder(bundle));
  if (file !== undefined && !existsSync(file)) {
    throw new AutoscaleError({
      code: "E_FILE_NOT_FOUND",
      file,
      message: "found no such file",
      remedy: "Name nginx's error.log.",
    });
  }
  const source = file === undefined ? input : createReadStream(file);
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of explain(lines, maps)) {
    if (!output.write(`${line}\n`)) await once(output, "drain");
  }
}

function mapsFolder(bundle: string): string {
  const folders = [join(bundle, "maps"), join(bundle, "openresty", "maps")];
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new AutoscaleError({
    code: "E_EXPLAIN_BUNDLE",
    file: bundle,
    message: "found no source maps, allowed: the folder that `autoscale-lua build` wrote",
    remedy: "Build it, or name the bundle the log is of with --bundle.",
  });
}
