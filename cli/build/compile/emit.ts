import { normalize, posix } from "node:path";
import ts from "typescript";
import { Transpiler, type CompilerOptions, type Plugin } from "typescript-to-lua";
import { AutoscaleError, type Problem } from "../../errors.ts";
import { isFromLua, toProblem } from "./diagnostics.ts";
import { modulePath, type LuaModule } from "./lua-module.ts";
import { renameRequires, requiredModules } from "./requires.ts";

/** The name and the display path of a source that may be emitted or required. */
export interface SourceIdentity {
  readonly name: string;
  readonly source: string;
}

export interface EmitRequest {
  readonly options: CompilerOptions;
  readonly rootNames: readonly string[];
  /** Which declarations stand for JavaScript's standard library. */
  readonly isLibrary: (fileName: string) => boolean;
  /** What a file is called in Lua; `undefined` for declarations and files that are not to be required. */
  readonly identify: (fileName: string) => SourceIdentity | undefined;
  /** Which of the identified files to emit; all when absent. */
  readonly emits?: (fileName: string) => boolean;
  /** Turns TypeScript's finding into a better one; `undefined` keeps it. */
  readonly explain?: (diagnostic: ts.Diagnostic) => Problem | undefined;
  /** Findings of one's own about the parsed program; any of them stops the build. Called before `emits`. */
  readonly inspect?: (program: ts.Program) => readonly Problem[];
}

/**
 * Type-checks TypeScript and emits Lua, in memory. The output depends on the sources' text and identity only, never on
 * where the checkout lies. Modules come sorted by name; those that hold only types are left out.
 * @throws AutoscaleError with every problem found
 */
export function emitLua(request: EmitRequest): LuaModule[] {
  const program = createProgram(request);
  const own = request.inspect?.(program) ?? [];
  const targets = program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && request.identify(file.fileName) !== undefined)
    .filter((file) => request.emits?.(file.fileName) ?? true);

  refuse([...own, ...checked(program, targets).map((each) => problemOf(each, request))]);

  const outputs = new Map<string, string>();
  const { diagnostics } = new Transpiler().emit({
    program,
    sourceFiles: targets,
    plugins: [namespacePlugin(program, request)],
    writeFile: (fileName, text, _bom, _error, sourceFiles) => {
      const origin = sourceFiles?.[0];
      if (origin !== undefined) outputs.set(outputKey(origin.fileName, fileName.endsWith(".map")), text);
    },
  });
  refuse(diagnostics.filter(isError).map((each) => problemOf(each, request)));
  return collect(targets, outputs, request);
}

/**
 * `Math`, `Number` and the like mean Lua's equivalents only when TypeScript knows their file as the standard library. It
 * would have to load ours as such; then it also loads parts of its own, which the language extensions refer to.
 */
function createProgram({ options, rootNames, isLibrary }: EmitRequest): ts.Program {
  const program = ts.createProgram({ rootNames, options, host: ts.createCompilerHost(options, true) });
  program.isSourceFileDefaultLibrary = (file) => isLibrary(file.fileName);
  // `noImplicitSelf` does not reach what lies in node_modules, where an installed package has its algorithms: calls of them
  // would pass a self that their Lua does not take. Only declarations of other packages are foreign here.
  const isForeign = program.isSourceFileFromExternalLibrary.bind(program);
  program.isSourceFileFromExternalLibrary = (file) => file.isDeclarationFile && isForeign(file);
  return program;
}

function checked(program: ts.Program, targets: readonly ts.SourceFile[]): ts.Diagnostic[] {
  const found = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  for (const file of targets)
    found.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
  return found.filter(isError);
}

function isError(diagnostic: ts.Diagnostic): boolean {
  return diagnostic.category === ts.DiagnosticCategory.Error;
}

function problemOf(diagnostic: ts.Diagnostic, request: EmitRequest): Problem {
  return (
    request.explain?.(diagnostic) ?? toProblem(diagnostic, isFromLua(diagnostic) ? "E_PLUGIN_LUA" : "E_PLUGIN_TYPE")
  );
}

/** The same finding may come from the check and from the emitter. */
function refuse(problems: readonly Problem[]): void {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  if (unique.size > 0) throw new AutoscaleError([...unique.values()]);
}

function namespacePlugin(program: ts.Program, request: EmitRequest): Plugin {
  const options = program.getCompilerOptions();
  return {
    afterPrint: (_program, _options, _host, files) => {
      for (const file of files) {
        file.code = renameRequires(file.code, (specifier) => {
          const found = ts.resolveModuleName(specifier, file.fileName, options, ts.sys).resolvedModule;
          return found === undefined ? undefined : request.identify(found.resolvedFileName)?.name;
        });
      }
    },
  };
}

function outputKey(fileName: string, isMap: boolean): string {
  return `${normalize(fileName)}${isMap ? ".map" : ""}`;
}

function collect(
  targets: readonly ts.SourceFile[],
  outputs: ReadonlyMap<string, string>,
  request: EmitRequest,
): LuaModule[] {
  const modules: LuaModule[] = [];
  for (const file of targets) {
    const identity = request.identify(file.fileName);
    const lua = outputs.get(outputKey(file.fileName, false));
    const map = outputs.get(outputKey(file.fileName, true));
    if (identity === undefined || lua === undefined || map === undefined || isEmpty(lua)) continue;
    const path = modulePath(identity.name);
    modules.push({
      ...identity,
      path,
      lua,
      map: portableMap(map, path, identity.source),
      requires: requiredModules(lua),
    });
  }
  return modules.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A file of types leaves nothing but its table of exports, or not even that. */
function isEmpty(lua: string): boolean {
  return /^\s*(local ____exports = \{\}\s*return ____exports\s*)?$/.test(lua);
}

/** The map with only names that mean the same on every machine. */
function portableMap(map: string, path: string, source: string): string {
  const { mappings, names } = JSON.parse(map) as { mappings: string; names: string[] };
  return JSON.stringify({ version: 3, file: posix.basename(path), sources: [source], names, mappings });
}
