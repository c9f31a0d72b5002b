import { join, relative } from "node:path";
import ts from "typescript";
import type { Problem } from "../../errors.ts";
import type { CustomFolder } from "./custom-folders.ts";
import { HOST_REMEDY, reachedSources } from "./custom-imports.ts";
import { checkCreate, forbiddenNames, handlersType } from "./custom-rules.ts";
import { positionOf } from "./diagnostics.ts";
import { emitLua, type SourceIdentity } from "./emit.ts";
import { NAMESPACE, stockModuleName, type LuaModule } from "./lua-module.ts";
import { lualibFor } from "./lualib.ts";
import { readLuaConfig } from "./options.ts";
import { sourceRoot } from "./places.ts";

const KIT_INDEX = join(sourceRoot, "plugins", "_kit", "index.ts");
const KIT_HANDLERS = join(sourceRoot, "plugins", "_kit", "handlers.ts");
const CORE = join(sourceRoot, "plugins", "_core");

/**
 * Type-checks and emits custom plugins with the stock options; the gateway's own API is out of their sight.
 * @returns their modules and, when they use it, TypeScriptToLua's library
 * @throws AutoscaleError with every problem found
 */
export function emitCustom(plugins: readonly CustomFolder[]): LuaModule[] {
  const { options, fileNames, isLibrary } = readLuaConfig(sourceRoot);
  const reached = new Set<string>();
  const modules = emitLua({
    // The plugins lie anywhere; where the output would go does not matter, it stays in memory.
    options: {
      ...options,
      rootDir: "/",
      paths: { "autoscale-lua": [KIT_INDEX], "autoscale-lua/core/*": [join(CORE, "*.ts")] },
    },
    rootNames: [...fileNames.filter(isLibrary), KIT_HANDLERS, ...plugins.flatMap((plugin) => plugin.entries)],
    isLibrary,
    identify: (fileName) => identify(fileName, plugins),
    emits: (fileName) => reached.has(fileName),
    inspect: (program) => inspect(program, plugins, reached),
    explain: explainDiagnostic,
  });
  const library = lualibFor(modules);
  return library === undefined ? modules : [...modules, library];
}

function identify(fileName: string, plugins: readonly CustomFolder[]): SourceIdentity | undefined {
  const plugin = plugins.find((each) => fileName.startsWith(`${each.folder}/`));
  if (plugin === undefined) {
    const source = relative(sourceRoot, fileName).replaceAll("\\", "/");
    const name = source.startsWith("plugins/_core/") ? stockModuleName(source) : undefined;
    return name === undefined ? undefined : { name, source };
  }
  if (fileName === plugin.manifest) return undefined;
  const inner = relative(plugin.folder, fileName).replaceAll("\\", "/");
  const parts = inner.replace(/\.ts$/, "").replaceAll(".", "_").split("/");
  return {
    name: [NAMESPACE, "plugins", plugin.name, ...parts].join("."),
    source: `${plugin.parent}/${plugin.name}/${inner}`,
  };
}

function inspect(program: ts.Program, plugins: readonly CustomFolder[], reached: Set<string>): Problem[] {
  const handlers = handlersType(program, KIT_HANDLERS);
  return plugins.flatMap((plugin) => {
    const { files, problems } = reachedSources(program, plugin);
    for (const name of files) reached.add(name);
    const sources = [...files].map((name) => program.getSourceFile(name)).filter((file) => file !== undefined);
    const entry = program.getSourceFile(join(plugin.folder, "plugin.ts"));
    const create = entry === undefined ? [] : checkCreate(program, entry, handlers);
    return [...problems, ...sources.flatMap(forbiddenNames), ...create];
  });
}

/** "Cannot find name 'ngx'" is right, but says nothing of what to do. */
function explainDiagnostic(diagnostic: ts.Diagnostic): Problem | undefined {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
  const [, name] = /^Cannot find name '(ngx|kong|apisix)'/.exec(text) ?? [];
  if (name === undefined || diagnostic.file === undefined) return undefined;
  const message = `found "${name}", the API of one gateway`;
  return {
    code: "E_PLUGIN_HOST_API",
    ...positionOf(diagnostic.file, diagnostic.start ?? 0),
    message,
    remedy: HOST_REMEDY,
  };
}
