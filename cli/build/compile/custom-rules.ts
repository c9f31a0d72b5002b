import ts from "typescript";
import type { Problem } from "../../errors.ts";
import { HOST_REMEDY } from "./custom-imports.ts";
import { positionOf } from "./diagnostics.ts";

const HOST_NAMES = new Set(["ngx", "kong", "apisix"]);

/** Finds uses of a gateway's own API, and Lua's `require`, in a custom plugin's source. */
export function forbiddenNames(file: ts.SourceFile): Problem[] {
  const problems: Problem[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMemberName(node)) {
      if (HOST_NAMES.has(node.text)) {
        const message = `found "${node.text}", the API of one gateway`;
        problems.push({
          code: "E_PLUGIN_HOST_API",
          ...positionOf(file, node.getStart(file)),
          message,
          remedy: HOST_REMEDY,
        });
      } else if (node.text === "require" && ts.isCallExpression(node.parent)) {
        const message = `found a call of "require", allowed: import`;
        const remedy = `Import files of the plugin's own folder, or "autoscale-lua/core/<name>".`;
        problems.push({ code: "E_PLUGIN_IMPORT", ...positionOf(file, node.getStart(file)), message, remedy });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return problems;
}

/** `x.ngx` and `{ ngx: 1 }` name a member, not the global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node;
}

/** A custom plugin's `plugin.ts` exports the function `create`, which gives handlers. */
export function checkCreate(program: ts.Program, file: ts.SourceFile, handlers: ts.Type | undefined): Problem[] {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(file);
  const create = module === undefined ? undefined : checker.tryGetMemberInModuleExports("create", module);
  const remedy = "Write: export const create: Create<Config> = (config, host) => ({ … });";
  if (create === undefined) {
    return [{ code: "E_PLUGIN_CREATE", ...positionOf(file, 0), message: "found no export named create", remedy }];
  }
  const found = misshaped(checker, checker.getTypeOfSymbolAtLocation(create, file), handlers);
  if (found === undefined) return [];
  const at = positionOf(file, create.valueDeclaration?.getStart(file) ?? 0);
  return [{ code: "E_PLUGIN_CREATE", ...at, message: `found ${found}, allowed: (config, host) => Handlers`, remedy }];
}

/** What is wrong with the type of `create`, in words. */
function misshaped(checker: ts.TypeChecker, create: ts.Type, handlers: ts.Type | undefined): string | undefined {
  const signature = create.getCallSignatures()[0];
  if (signature === undefined) return "something that is not a function";
  if (signature.parameters.length > 2) return "more than two parameters";
  const returned = signature.getReturnType();
  // Every member of Handlers is optional, so a bare number would count as assignable.
  const isRecord = (returned.flags & (ts.TypeFlags.Object | ts.TypeFlags.Any)) !== 0;
  if (isRecord && (handlers === undefined || checker.isTypeAssignableTo(returned, handlers))) return undefined;
  return `a function that returns ${checker.typeToString(returned)}`;
}

/** The kit's type `Handlers`, as this program sees it. */
export function handlersType(program: ts.Program, kitHandlers: string): ts.Type | undefined {
  const file = program.getSourceFile(kitHandlers);
  const checker = program.getTypeChecker();
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  const symbol = module === undefined ? undefined : checker.tryGetMemberInModuleExports("Handlers", module);
  return symbol === undefined ? undefined : checker.getDeclaredTypeOfSymbol(symbol);
}
