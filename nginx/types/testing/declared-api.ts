import ts from "typescript";
import { snippetProgram } from "./compile-snippets.ts";

/** Something the declarations of this folder promise. */
export interface Declared {
  /** May be missing in some version. */
  readonly optional: boolean;
  /** Of constants. */
  readonly value: string | undefined;
}

/** Objects reached by calls, which are compared by the name of their interface. */
const OBJECTS = ["NgxSharedDict", "NgxTcpSocket", "NgxUdpSocket", "NgxSemaphore", "RestyLruCache"];

/** Tables whose keys are data and not API. */
const DATA = new Set(["ngx.var", "ngx.ctx", "ngx.header", "ngx.arg", "ngx.shared", "ngx.null"]);

/** Everything declared, by the names that `readInstalled` uses. */
export function readDeclared(): { declared: Map<string, Declared>; luaModules: string[] } {
  const probe = `export let ngx_: typeof ngx;\n${OBJECTS.map((name) => `export let ${name}_: ${name};`).join("\n")}`;
  const program = snippetProgram({ probe });
  const checker = program.getTypeChecker();
  const declared = new Map<string, Declared>();

  const walk = (prefix: string, type: ts.Type): void => {
    for (const property of checker.getPropertiesOfType(type)) {
      const name = prefix + property.name;
      const ownType = checker.getTypeOfSymbol(property);
      declared.set(name, {
        optional: (property.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(ownType),
        value: ownType.isNumberLiteral() ? String(ownType.value) : undefined,
      });
      if (prefix.endsWith(".") && !DATA.has(name) && isTable(ownType)) walk(`${name}.`, ownType);
    }
  };

  const snippet = program.getSourceFiles().find((file) => file.fileName.endsWith("probe.snippet.ts"));
  const exports = snippet === undefined ? undefined : checker.getSymbolAtLocation(snippet);
  if (exports === undefined) throw new Error("the probe has no exports");
  for (const symbol of checker.getExportsOfModule(exports)) {
    const name = symbol.name.replace(/_$/, "");
    walk(name === "ngx" ? "ngx." : `${name}:`, checker.getTypeOfSymbol(symbol));
  }

  const modules = checker.getAmbientModules().filter((each) => checker.getExportsOfModule(each).length > 0);
  for (const each of modules) walkModule(checker, each, walk);
  return { declared, luaModules: modules.map(nameOf) };
}

function walkModule(checker: ts.TypeChecker, symbol: ts.Symbol, walk: (prefix: string, type: ts.Type) => void): void {
  const resolved = checker.resolveExternalModuleSymbol(symbol);
  walk(`${nameOf(symbol)}#`, checker.getTypeOfSymbol(resolved));
}

function nameOf(module: ts.Symbol): string {
  return module.name.replaceAll('"', "");
}

function isTable(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0;
}

function mayBeUndefined(type: ts.Type): boolean {
  return type.isUnion() && type.types.some((each) => (each.flags & ts.TypeFlags.Undefined) !== 0);
}
