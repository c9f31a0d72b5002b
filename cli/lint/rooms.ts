/** Which files are which program: globs relative to the root of the repository. */

/** Build-time files inside `plugins/`. */
const NODE_IN_PLUGINS = [
  "plugins/*/manifest.ts",
  "plugins/*/manifest-*.ts",
  "plugins/_kit/index.ts",
  "plugins/_kit/schema/**",
  "plugins/**/*.test.ts",
  "plugins/**/*.test-support.ts",
  "plugins/**/test-rig.ts",
];

export const luaFiles = {
  files: ["plugins/**/*.ts", "nginx/runtime/**/*.ts", "templates/*/runtime/**/*.ts"],
  ignores: [...NODE_IN_PLUGINS, "nginx/runtime/**/*.test.ts", "templates/*/runtime/**/*.test.ts"],
};

/** What runs in a browser: types of the DOM, none of Node. */
export const browserFiles = { files: ["templates/*/status-page/view/**/*.ts"] };

/** Plugins of examples import the published package: no tsconfig of the repository holds them, the build checks their types. */
export const examplePlugins = {
  files: ["examples/**/*.ts"],
  luaFiles: ["examples/**/plugin.ts", "examples/**/check.ts"],
};

export const ignoredFiles = [
  "lib/",
  "dist/",
  "coverage/",
  "**/fixtures/",
  "templates/_scaffold/",
  "test/golden/",
  "**/*.d.ts",
];
