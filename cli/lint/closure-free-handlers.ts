import type { Rule } from "eslint";

/** Names of the functions that a request runs through. */
const HANDLERS: ReadonlySet<string> = new Set([
  "rewrite",
  "access",
  "select_upstream",
  "header_filter",
  "body_filter",
  "log",
]);

/**
 * A closure made for each request costs 130 ns and ends the trace (FNEW is not compiled). Handlers are recognized by
 * name: `access: () => …`, `access() {…}`, `function access() {…}` and `const access = () => …`.
 */
export const closureFreeHandlers: Rule.RuleModule = {
  meta: { type: "problem", docs: { description: "Handlers make no functions." }, schema: [] },
  create(context) {
    return {
      ":function": (node: Rule.Node) => {
        const handler = enclosingHandler(node.parent);
        if (handler === undefined) return;
        const message = `A function is made on each request inside the handler ${handler}: make it once, in create.`;
        context.report({ node, message });
      },
    };
  },
};

function enclosingHandler(start: Rule.Node | null): string | undefined {
  for (let node = start; node !== null; node = node.parent) {
    const name = functionName(node);
    if (name !== undefined && HANDLERS.has(name)) return name;
  }
  return undefined;
}

function functionName(node: Rule.Node): string | undefined {
  if (node.type === "FunctionDeclaration") return node.id.name;
  if (node.type !== "ArrowFunctionExpression" && node.type !== "FunctionExpression") return undefined;
  const parent = node.parent;
  if (parent.type === "Property" && parent.key.type === "Identifier") return parent.key.name;
  if (parent.type === "VariableDeclarator" && parent.id.type === "Identifier") return parent.id.name;
  return undefined;
}
