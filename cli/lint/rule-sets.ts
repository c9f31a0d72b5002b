import type { Linter } from "eslint";
import { luaPlugin } from "./plugin.ts";

/** For every file, scripts in JavaScript included. */
export const commonRules: Linter.RulesRecord = {
  eqeqeq: "error",
  "no-cond-assign": "error",
  "no-constant-condition": ["error", { checkLoops: false }],
  "no-control-regex": "error",
  "no-empty": "error",
  "no-fallthrough": "error",
  "no-misleading-character-class": "error",
  "no-self-compare": "error",
  "no-unsafe-finally": "error",
  "no-unused-labels": "error",
  "no-useless-escape": "error",
  "no-var": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
  "object-shorthand": "error",
  "prefer-const": "error",
};

/** On top of typescript-eslint's strict set, for every TypeScript file. */
export const nodeRules: Linter.RulesRecord = {
  "no-unused-vars": "off",
  "@typescript-eslint/consistent-type-imports": "error",
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
  "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
};

/** Tests may reach into what they made themselves. */
export const testRules: Linter.RulesRecord = {
  "@typescript-eslint/no-non-null-assertion": "off",
  "@typescript-eslint/no-unsafe-argument": "off",
  "@typescript-eslint/no-unsafe-assignment": "off",
  "@typescript-eslint/no-unsafe-member-access": "off",
  "@typescript-eslint/no-unsafe-return": "off",
  "@typescript-eslint/require-await": "off",
  "@typescript-eslint/unbound-method": "off",
  "@typescript-eslint/no-empty-function": "off",
};

/** The rules that look at types. */
const typedLuaRules = ["lua/no-array-destructuring", "lua/destructured-multi-return"];

const subset = Object.keys(luaPlugin.rules).map((name) => [`lua/${name}`, "error"] as const);

/** The part of the Lua subset that needs no types. */
export const untypedLuaRules: Linter.RulesRecord = Object.fromEntries(
  subset.filter(([name]) => !typedLuaRules.includes(name)),
);

/** For the files that become Lua. */
export const luaRules: Linter.RulesRecord = {
  ...Object.fromEntries(subset),
  "@typescript-eslint/strict-boolean-expressions": ["error", { allowString: false, allowNumber: false }],
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: false, allowBoolean: false }],
  "@typescript-eslint/restrict-plus-operands": ["error", { allowNumberAndString: false }],
  "@typescript-eslint/no-invalid-void-type": ["error", { allowAsThisParameter: true }],
  // `value !== value` is how Lua asks for NaN without the library.
  "no-self-compare": "off",
  // A function of a @noSelf interface kept in a local is the fast form in Lua, and has no `this` to lose.
  "@typescript-eslint/unbound-method": "off",
};
