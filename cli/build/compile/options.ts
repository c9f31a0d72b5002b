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
  /** True for `nginx/types/lua-*.d.ts`: what exists of JavaScript's standard library in Lua. */
  readonly isLibrary: (fileName: string) => boolean;
}

/**
 * Reads `tstl.json`, the one place where the options of the Lua program stand.
 * @param root folder of `tstl.json`
 * @throws AutoscaleError when the file is broken
 */
export function readLuaConfig(root: string = sourceRoot): LuaProgramConfig {
  const file = join(root, "tstl.json");
  const read = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  if (read.error !== undefined) throw new AutoscaleError(toProblem(read.error, "E_PLUGIN_TYPE"));
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, root, undefined, file);
  // 18003: nothing included. `lib/source` holds no handlers, and custom plugins bring their own files.
  const errors = parsed.errors.filter((diagnostic) => diagnostic.code !== 18003);
  if (errors.length > 0) throw new AutoscaleError(errors.map((each) => toProblem(each, "E_PLUGIN_TYPE")));
  const { tstl } = read.config as { tstl: Partial<CompilerOptions> };
  return {
    options: { ...parsed.options, ...tstl, newLine: ts.NewLineKind.LineFeed },
    fileNames: parsed.fileNames,
    isLibrary: (fileName) => /\/nginx\/types\/lua-[^/]*\.d\.ts$/.test(fileName),
  };
}
