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

  const note = (prefix: string, symbol: ts.Symbol): void => {
    const name = prefix + symbol.name;
    const type = checker.getTypeOfSymbol(symbol);
    declared.set(name, {
      optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(type),
      value: type.isNumberLiteral() ? String(type.value) : undefined,
    });
    if (prefix.endsWith(".") && !DATA.has(name) && isTable(type)) walk(`${name}.`, type);
  };
  const walk = (prefix: string, type: ts.Type): void => {
    for (const property of checker.getPropertiesOfType(type)) note(prefix, property);
  };

  const snippet = program.getSourceFiles().find((file) => file.fileName.endsWith("probe.snippet.ts"));
  const exports = snippet === undefined ? undefined : checker.getSymbolAtLocation(snippet);
  if (exports === undefined) throw new Error("the probe has no exports");
  for (const symbol of checker.getExportsOfModule(exports)) {
    const name = symbol.name.replace(/_$/, "");
    walk(name === "ngx" ? "ngx." : `${name}:`, checker.getTypeOfSymbol(symbol));
  }

  const modules = checker.getAmbientModules().filter((each) => (each.exports?.size ?? 0) > 0);
  for (const each of modules) {
    for (const symbol of membersOf(checker, each)) note(`${nameOf(each)}#`, symbol);
  }
  return { declared, luaModules: modules.map(nameOf) };
}

/** What a module exports, or the properties of what it is when it ends in `export =`. */
function membersOf(checker: ts.TypeChecker, module: ts.Symbol): readonly ts.Symbol[] {
  const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
  return whole === undefined
    ? checker.getExportsOfModule(module)
    : checker.getPropertiesOfType(checker.getTypeOfSymbol(checker.getAliasedSymbol(whole)));
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
