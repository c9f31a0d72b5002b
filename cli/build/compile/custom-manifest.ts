import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createJiti } from "jiti";
import type { Manifest } from "../../../plugins/_kit/manifest.ts";
import type { Problem } from "../../errors.ts";
import type { CustomFolder } from "./custom-folders.ts";
import { displayPath } from "./display-path.ts";
import { locateInManifest } from "./manifest-position.ts";
import { moduleExtension, pluginsRoot } from "./places.ts";
import { validateManifest } from "./validate-manifest.ts";

/** Our own kit and algorithms, however we are installed. */
const ALIAS = {
  "autoscale-lua/core": join(pluginsRoot, "_core"),
  "autoscale-lua": join(pluginsRoot, "_kit", `index${moduleExtension}`),
};

/** Runs a plugin's `manifest.ts` in Node and checks its shape. */
export async function loadCustomManifest({
  manifest: file,
  name,
}: CustomFolder): Promise<Manifest | readonly Problem[]> {
  const jiti = createJiti(import.meta.url, { alias: ALIAS, fsCache: false, moduleCache: false, interopDefault: false });
  let exported: unknown;
  try {
    exported = (await jiti.import<{ default?: unknown }>(file)).default;
  } catch (error) {
    return [thrown(error, file)];
  }
  const problems = validateManifest(exported, name);
  if (problems.length === 0) return exported as Manifest;
  const text = await readFile(file, "utf8");
  return problems.map((problem) => ({
    ...problem,
    file: displayPath(file),
    ...locateInManifest(text, problem.path ?? ""),
  }));
}

function thrown(error: unknown, file: string): Problem {
  const failure = error instanceof Error ? error : new Error(String(error));
  const message = failure.message.split("\n")[0]?.replace(file, "manifest.ts") ?? "";
  return {
    code: "E_PLUGIN_MANIFEST",
    file: displayPath(file),
    ...placeOf(failure, file),
    message: `it throws: ${message}`,
  };
}

/** Where in the file it happened: by the trace, or for a syntax error by `(line:column)` in the message. */
function placeOf(error: Error, file: string): Pick<Problem, "line" | "column"> {
  const trace = `${error.stack ?? ""}\n`;
  const after = trace.indexOf(`${file}:`);
  const place = after < 0 ? null : /^(\d+):(\d+)/.exec(trace.slice(after + file.length + 1));
  const [, line, column] = place ?? /\((\d+):(\d+)\)/.exec(error.message) ?? [];
  return line === undefined ? {} : { line: Number(line), column: Number(column) };
}
