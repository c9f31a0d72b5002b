import ts from "typescript";
import type { Problem } from "../../errors.ts";

/**
 * Where a part of a manifest is written: the deepest key of `path` that stands in the text, else the start of the manifest.
 * @param path such as `priority.kong` or `phases[0]`
 */
export function locateInManifest(text: string, path: string): Pick<Problem, "line" | "column"> {
  const file = ts.createSourceFile("manifest.ts", text, ts.ScriptTarget.ESNext, true);
  const record = firstRecord(file);
  const node =
    record === undefined
      ? file
      : descend(
          record,
          path.split(/[.[\]]/).filter((key) => key !== ""),
        );
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return { line: line + 1, column: character + 1 };
}

/** The object given to `export default`, directly or through a call. */
function firstRecord(file: ts.SourceFile): ts.ObjectLiteralExpression | undefined {
  const exported = file.statements.find(ts.isExportAssignment)?.expression;
  const value = exported !== undefined && ts.isCallExpression(exported) ? exported.arguments[0] : exported;
  return value !== undefined && ts.isObjectLiteralExpression(value) ? value : undefined;
}

function descend(from: ts.Expression, keys: readonly string[]): ts.Node {
  const [key, ...rest] = keys;
  if (key === undefined) return from;
  if (ts.isArrayLiteralExpression(from)) {
    const item = from.elements[Number(key)];
    return item === undefined ? from : descend(item, rest);
  }
  if (!ts.isObjectLiteralExpression(from)) return from;
  const property = from.properties.find((each) => each.name !== undefined && nameOf(each.name) === key);
  if (property === undefined) return from;
  return rest.length > 0 && ts.isPropertyAssignment(property) ? descend(property.initializer, rest) : property;
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : "";
}
