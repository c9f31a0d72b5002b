import type { Rule } from "eslint";
import type { Type } from "typescript";

interface TypedServices {
  getTypeAtLocation(node: Rule.Node): Type;
}

/**
 * `const [value, err] = dict.get(key)` is `local value, err = dict:get(key)`: free. Destructuring a real array
 * reads it by index through the library, and needs an array that somebody allocated.
 */
export const noArrayDestructuring: Rule.RuleModule = {
  meta: { type: "problem", docs: { description: "Only multiple returns are taken apart." }, schema: [] },
  create(context) {
    return {
      VariableDeclarator: (node: Rule.Node) => {
        if (node.type !== "VariableDeclarator" || node.id.type !== "ArrayPattern" || !node.init) return;
        if (isMultiReturn(typeOf(context, node.init as Rule.Node))) return;
        const message = "This takes a table apart, not multiple returns: read the elements by index.";
        context.report({ node: node.id, message });
      },
    };
  },
};

/** `const r = dict.get(key)` packs all results into a new table, and `r` is not the value. */
export const destructuredMultiReturn: Rule.RuleModule = {
  meta: { type: "problem", docs: { description: "Multiple returns are taken apart where they arrive." }, schema: [] },
  create(context) {
    return {
      VariableDeclarator: (node: Rule.Node) => {
        if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier") return;
        if (node.init?.type !== "CallExpression") return;
        if (!isMultiReturn(typeOf(context, node.init as Rule.Node))) return;
        const message = `This call has several results, which are packed into a table here: write [${node.id.name}].`;
        context.report({ node: node.id, message });
      },
    };
  },
};

function typeOf(context: Rule.RuleContext, node: Rule.Node): Type {
  const services = context.sourceCode.parserServices as TypedServices;
  return services.getTypeAtLocation(node);
}

/** TypeScriptToLua marks `LuaMultiReturn<T>` with a property that only types have. */
function isMultiReturn(type: Type): boolean {
  return type.getProperty("__tstlMultiReturn") !== undefined;
}
