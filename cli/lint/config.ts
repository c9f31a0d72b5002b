import type { Linter } from "eslint";
import { join } from "node:path";
import tseslint from "typescript-eslint";
import { commonRules, luaRules, nodeRules, testRules, untypedLuaRules } from "./rule-sets.ts";
import { luaPlugin } from "./plugin.ts";
import { browserFiles, examplePlugins, ignoredFiles, luaFiles } from "./rooms.ts";

/**
 * ESLint's configuration for a checkout.
 * @param root absolute path of the folder that holds tsconfig.json and tstl.json
 */
export function lintConfig(root: string): Linter.Config[] {
  const typed = (...projects: string[]): Linter.LanguageOptions => ({
    parserOptions: { project: projects.map((name) => join(root, name)), tsconfigRootDir: root },
  });
  const strict = tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] }));
  return [
    { ignores: ignoredFiles },
    { linterOptions: { reportUnusedDisableDirectives: "error" }, rules: commonRules },
    ...(strict as Linter.Config[]),
    { files: ["**/*.ts"], languageOptions: typed("tsconfig.json", "tstl.json"), rules: nodeRules },
    { ...browserFiles, languageOptions: typed("templates/openresty/status-page/tsconfig.json") },
    {
      files: ["**/*.test.ts", "**/*.test-support.ts", "**/test-rig.ts", "**/testing/*.ts", "test/**/*.ts"],
      rules: testRules,
    },
    { ...luaFiles, languageOptions: typed("tstl.json", "tsconfig.json"), plugins: { lua: luaPlugin }, rules: luaRules },
    { ...(tseslint.configs.disableTypeChecked as Linter.Config), files: examplePlugins.files },
    { files: examplePlugins.luaFiles, plugins: { lua: luaPlugin }, rules: untypedLuaRules },
  ];
}
