import { join } from "node:path";
import ts from "typescript";
import * as tstl from "typescript-to-lua";

const root = join(import.meta.dirname, "../../..");

/** What became of one snippet: the Lua without its frame, and the findings as `line: code message`. */
export interface Compiled {
  readonly lua: string;
  readonly findings: readonly string[];
}

/** The options of `tstl.json` and the declarations of this folder. */
export function luaProgramConfig(): { options: tstl.CompilerOptions; declarations: string[] } {
  const file = join(root, "tstl.json");
  const read = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, root, undefined, file);
  const { tstl: own } = read.config as { tstl: tstl.CompilerOptions };
  return {
    // Erroneous snippets are compiled too, the declarations themselves are checked, and each snippet can run by itself.
    options: {
      ...parsed.options,
      ...own,
      noEmitOnError: false,
      sourceMap: false,
      skipLibCheck: false,
      luaLibImport: tstl.LuaLibImportKind.Inline,
    },
    declarations: parsed.fileNames.filter((name) => name.includes("/nginx/types/") && name.endsWith(".d.ts")),
  };
}

/** A program of the declarations and, in memory, the snippets. */
export function snippetProgram(snippets: Readonly<Record<string, string>>): ts.Program {
  const { options, declarations } = luaProgramConfig();
  const sources = new Map(Object.entries(snippets).map(([name, text]) => [pathOf(name), text]));
  const host = ts.createCompilerHost(options, true);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = sources.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, languageVersion, ...rest)
      : ts.createSourceFile(name, text, languageVersion, true);
  };
  return ts.createProgram([...declarations, ...sources.keys()], options, host);
}

/** The snippets by name, and findings that belong to none of them: those in the declarations, and missing global types. */
export interface CompiledSnippets<Name extends string> {
  readonly snippets: Readonly<Record<Name, Compiled>>;
  readonly elsewhere: readonly string[];
}

/** Compiles the snippets as modules of one program, as a consumer without any plugin or patch would. */
export function compileSnippets<Name extends string>(sources: Readonly<Record<Name, string>>): CompiledSnippets<Name> {
  const program = snippetProgram(sources);
  const found = [...ts.getPreEmitDiagnostics(program)];
  const lua = new Map<string, string>();
  const emitted = new tstl.Transpiler().emit({
    program,
    writeFile: (_name, text, _bom, _error, files) => {
      const source = files?.[0]?.fileName;
      if (source !== undefined) lua.set(source, text);
    },
  });
  found.push(...emitted.diagnostics);
  const names = Object.keys(sources) as Name[];
  const paths = new Set(names.map(pathOf));
  const snippets = {} as Record<Name, Compiled>;
  for (const name of names) {
    const path = pathOf(name);
    const findings = found.filter((each) => each.file?.fileName === path).map(describe);
    snippets[name] = { lua: withoutFrame(lua.get(path) ?? ""), findings };
  }
  return { snippets, elsewhere: found.filter((each) => !paths.has(each.file?.fileName ?? "")).map(describe) };
}

function pathOf(name: string): string {
  return join(root, "nginx/types", `${name}.snippet.ts`);
}

function describe(diagnostic: ts.Diagnostic): string {
  const { file, start = 0, code, messageText } = diagnostic;
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  return `${String(line)}: TS${String(code)} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}

function withoutFrame(lua: string): string {
  return lua
    .split("\n")
    .filter((line) => line !== "local ____exports = {}" && line !== "return ____exports")
    .join("\n")
    .trim();
}
