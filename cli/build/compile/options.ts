import { join } from "node:path";
import ts from "typescript";
import type { CompilerOptions } from "typescript-to-lua";
import { AutoscaleError } from "../../errors.ts";
import { toProblem } from "./diagnostics.ts";
import { sourceRoot } from "./places.ts";

export interface LuaProgramConfig {
  readonly options: CompilerOptions;
  /** Absolute paths of all files that `tstl.json` includes. */
  readonly fileNames: readonly string[];
  /** What of JavaScript's standard library exists in Lua. */
  readonly library: string;
}

/**
 * Reads `tstl.json`, the one place where the options of the Lua program stand.
 * @param root folder of `tstl.json`
 * @throws AutoscaleError when the file is broken
 */
export function readLuaConfig(root: string = sourceRoot): LuaProgramConfig {
  const file = join(root, "tstl.json");
  const read = ts.readConfigFile(file, ts.sys.readFile);
  if (read.error !== undefined) throw new AutoscaleError(toProblem(read.error, "E_PLUGIN_TYPE"));
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, root, undefined, file);
  // 18003: nothing included. `lib/source` holds no handlers, and custom plugins bring their own files.
  const errors = parsed.errors.filter((diagnostic) => diagnostic.code !== 18003);
  if (errors.length > 0) throw new AutoscaleError(errors.map((each) => toProblem(each, "E_PLUGIN_TYPE")));
  const { tstl } = read.config as { tstl: Partial<CompilerOptions> };
  return {
    options: { ...parsed.options, ...tstl, newLine: ts.NewLineKind.LineFeed },
    fileNames: parsed.fileNames,
    library: join(root, "nginx", "types", "lua-lib.d.ts"),
  };
}
