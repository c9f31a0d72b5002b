import ts from "typescript";

/** Something a source file says, and where. */
export interface Saying {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Names that stand for a variable or a type. Property names, comments and strings are not among them: a manifest may
 * have a field `kong`, and a sentence may speak of it.
 */
export function namesIn(source: string): readonly Saying[] {
  return collect(source, (node) => (ts.isIdentifier(node) && !isPropertyName(node) ? node.text : undefined));
}

/** Fields that are read, as `object.field`. */
export function fieldsIn(source: string): readonly Saying[] {
  return collect(source, (node) => (ts.isPropertyAccessExpression(node) ? node.getText() : undefined));
}

function collect(source: string, textOf: (node: ts.Node) => string | undefined): readonly Saying[] {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true);
  const found: Saying[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined) found.push({ text, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) &&
    parent.name === node
  );
}
