import { dirname, resolve, sep } from "node:path";
import ts from "typescript";
import type { Problem } from "../../errors.ts";
import type { CustomFolder } from "./custom-folders.ts";
import { positionOf } from "./diagnostics.ts";

type ImportLike = ts.ImportDeclaration | ts.ExportDeclaration;

/** Lua modules that only exist inside one gateway. */
const HOST_MODULE = /^(resty|ngx|kong|apisix|cjson|socket)([./]|$)/;

export const HOST_REMEDY = "Use what create gets, Context and Host: then the plugin runs in every gateway.";

/** What a custom plugin's Lua side consists of, and what it imports wrongly. */
export interface ReachedSources {
  /** Absolute file names of the sources to emit. */
  readonly files: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Follows the imports of values from a plugin's entries; types vanish, so what they come from is not emitted. */
export function reachedSources(program: ts.Program, plugin: CustomFolder): ReachedSources {
  const files = new Set<string>();
  const problems: Problem[] = [];
  const queue = [...plugin.entries];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const file = program.getSourceFile(name);
    if (files.has(name) || file === undefined) continue;
    files.add(name);
    for (const node of file.statements) {
      const specifier = specifierOf(node);
      if (specifier === undefined) continue;
      const fault = faultOf(node as ImportLike, specifier.text, file, plugin);
      if (fault !== undefined) problems.push({ ...fault, ...positionOf(file, specifier.getStart(file)) });
      else if (specifier.text.startsWith(".") && !isTypeOnly(node as ImportLike))
        queue.push(target(file, specifier.text));
    }
  }
  return { files, problems };
}

function specifierOf(node: ts.Statement): ts.StringLiteral | undefined {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
  return node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)
    ? node.moduleSpecifier
    : undefined;
}

function faultOf(node: ImportLike, specifier: string, file: ts.SourceFile, plugin: CustomFolder): Problem | undefined {
  if (/^autoscale-lua\/core\/[a-z0-9-]+$/.test(specifier)) return undefined;
  if (specifier === "autoscale-lua") return isTypeOnly(node) ? undefined : valueFromKit();
  if (specifier.startsWith(".")) return relativeFault(node, target(file, specifier), plugin);
  if (HOST_MODULE.test(specifier)) {
    return {
      code: "E_PLUGIN_HOST_API",
      message: `found an import of "${specifier}", a module of one gateway`,
      remedy: HOST_REMEDY,
    };
  }
  return {
    code: "E_PLUGIN_IMPORT",
    message: `found an import of "${specifier}", allowed: files of the plugin's own folder, types of "autoscale-lua", "autoscale-lua/core/<name>"`,
    remedy: "Packages of npm do not run in a gateway: write the few lines you need into the plugin's folder.",
  };
}

function valueFromKit(): Problem {
  return {
    code: "E_PLUGIN_IMPORT",
    message: `found an import of values from "autoscale-lua", allowed in plugin.ts: its types`,
    remedy: `Write: import type { … } from "autoscale-lua"; algorithms come from "autoscale-lua/core/<name>".`,
  };
}

function relativeFault(node: ImportLike, path: string, plugin: CustomFolder): Problem | undefined {
  if (!path.startsWith(plugin.folder + sep)) {
    return {
      code: "E_PLUGIN_IMPORT",
      message: "found an import from outside the plugin's folder, allowed: files of its own folder",
      remedy: "A plugin is one folder: copy what two plugins share, or make them one plugin.",
    };
  }
  if (path !== plugin.manifest || isTypeOnly(node)) return undefined;
  return {
    code: "E_PLUGIN_IMPORT",
    message: "found an import of values from manifest.ts, which runs in Node only; allowed: its types",
    remedy: 'Write: import type { … } from "./manifest.ts".',
  };
}

function target(file: ts.SourceFile, specifier: string): string {
  return resolve(dirname(file.fileName), specifier);
}

function isTypeOnly(node: ImportLike): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    clause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every((each) => each.isTypeOnly)
  );
}
