import type { Rule, Scope } from "eslint";

/**
 * In JavaScript each turn of `for (let i = …)` has an `i` of its own; in the emitted Lua all turns share one, so a function
 * made in the loop finds the last value. `for … of` and `$range` have one for each turn in both.
 */
export const noCapturedCounter: Rule.RuleModule = {
  meta: { type: "problem", docs: { description: "Functions made in a loop do not use its counter." }, schema: [] },
  create(context) {
    return {
      ForStatement: (node) => {
        if (node.init?.type !== "VariableDeclaration") return;
        for (const variable of context.sourceCode.getDeclaredVariables(node.init)) {
          const captured = variable.references.find(
            (reference) => functionOf(reference.from) !== functionOf(variable.scope),
          );
          if (captured === undefined) continue;
          const message = `In Lua all turns of the loop share ${variable.name}: hand it to a function as an argument, or use for … of.`;
          context.report({ node: captured.identifier, message });
        }
      },
    };
  },
};

/** The function that a scope belongs to. */
function functionOf(scope: Scope.Scope): Scope.Scope {
  return scope.variableScope;
}
