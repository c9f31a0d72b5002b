import type { Rule } from "eslint";

/**
 * A rule that reports every node a selector finds.
 * @param selector an ESLint selector (esquery)
 * @param message what is wrong and what to write instead
 */
export function ban(selector: string, message: string): Rule.RuleModule {
  return {
    meta: { type: "problem", docs: { description: message }, schema: [] },
    create: (context) => ({
      [selector]: (node: Rule.Node) => {
        context.report({ node, message });
      },
    }),
  };
}
