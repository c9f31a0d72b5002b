/** For each border, a tree that crosses it and a tree that stays inside. Keys are paths, values file contents. */
export interface BorderCase {
  readonly rule: string;
  readonly title: string;
  readonly crosses: Readonly<Record<string, string>>;
  readonly stays: Readonly<Record<string, string>>;
}

const thing = "export const thing = 1;\nexport type Thing = number;\n";
const takes = (from: string): string => `import { thing } from "${from}";\nexport const taken = thing;\n`;
const takesType = (from: string): string => `import type { Thing } from "${from}";\nexport type Taken = Thing;\n`;

/** A package that node_modules holds and package.json lists. */
function withPackage(name: string, listedIn: "dependencies" | "devDependencies"): Record<string, string> {
  return {
    "package.json": JSON.stringify({ name: "tree", type: "module", [listedIn]: { [name]: "1.0.0" } }),
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", type: "module", main: "index.js" }),
    [`node_modules/${name}/index.js`]: "export const thing = 1;\n",
  };
}

export const borderCases: readonly BorderCase[] = [
  {
    rule: "core-imports-nothing",
    title: "core takes the kit, even its types",
    crosses: { "plugins/_core/a.ts": takesType("../_kit/ports.ts"), "plugins/_kit/ports.ts": thing },
    stays: { "plugins/_core/a.ts": takes("./b.ts"), "plugins/_core/b.ts": thing },
  },
  {
    rule: "core-imports-nothing",
    title: "core takes a module of Node",
    crosses: { "plugins/_core/a.ts": 'import { readFileSync } from "node:fs";\nexport const taken = readFileSync;\n' },
    stays: {
      "plugins/_core/a.test.ts": 'import { readFileSync } from "node:fs";\nexport const taken = readFileSync;\n',
    },
  },
  {
    rule: "kit-imports-core-only",
    title: "the kit takes the builder",
    crosses: { "plugins/_kit/a.ts": takes("../../cli/errors.ts"), "cli/errors.ts": thing },
    stays: { "plugins/_kit/a.ts": takes("../_core/b.ts"), "plugins/_core/b.ts": thing },
  },
  {
    rule: "plugin-imports-its-own-room",
    title: "a plugin takes another",
    crosses: { "plugins/one/plugin.ts": takes("../two/state.ts"), "plugins/two/state.ts": thing },
    stays: { "plugins/one/plugin.ts": takes("./state.ts"), "plugins/one/state.ts": thing },
  },
  {
    rule: "plugin-imports-its-own-room",
    title: "a plugin takes nginx",
    crosses: { "plugins/one/plugin.ts": takes("../../nginx/runtime/store.ts"), "nginx/runtime/store.ts": thing },
    stays: { "plugins/one/plugin.ts": takes("../_core/window.ts"), "plugins/_core/window.ts": thing },
  },
  {
    rule: "runtime-imports-core-and-kit",
    title: "the runtime takes a host",
    crosses: { "nginx/runtime/a.ts": takes("../../templates/kong/runtime/b.ts"), "templates/kong/runtime/b.ts": thing },
    stays: { "nginx/runtime/a.ts": takes("../../plugins/_kit/ports.ts"), "plugins/_kit/ports.ts": thing },
  },
  {
    rule: "host-imports-runtime-core-kit",
    title: "a host takes a plugin",
    crosses: { "templates/kong/runtime/a.ts": takes("../../../plugins/one/plugin.ts"), "plugins/one/plugin.ts": thing },
    stays: { "templates/kong/runtime/a.ts": takes("../../../nginx/runtime/b.ts"), "nginx/runtime/b.ts": thing },
  },
  {
    rule: "targets-are-strangers",
    title: "a target takes another's helper",
    crosses: { "templates/kong/target.ts": takes("../apisix/names.ts"), "templates/apisix/names.ts": thing },
    stays: { "templates/kong/target.ts": takes("../_shared/names.ts"), "templates/_shared/names.ts": thing },
  },
  {
    rule: "target-imports-model-only",
    title: "a target loads gateway.yaml by itself",
    crosses: { "templates/kong/target.ts": takes("../../cli/build/load/index.ts"), "cli/build/load/index.ts": thing },
    stays: { "templates/kong/target.ts": takes("../../cli/build/model.ts"), "cli/build/model.ts": thing },
  },
  {
    rule: "lua-takes-types-only-from-node",
    title: "a plugin takes a value of its manifest",
    crosses: { "plugins/one/plugin.ts": takes("./manifest.ts"), "plugins/one/manifest.ts": thing },
    stays: { "plugins/one/plugin.ts": takesType("./manifest.ts"), "plugins/one/manifest.ts": thing },
  },
  {
    rule: "lua-takes-types-only-from-node",
    title: "a plugin takes a part of its manifest",
    crosses: { "plugins/one/plugin.ts": takes("./manifest-two.ts"), "plugins/one/manifest-two.ts": thing },
    stays: { "plugins/one/manifest.ts": takes("./manifest-two.ts"), "plugins/one/manifest-two.ts": thing },
  },
  {
    rule: "lua-takes-types-only-from-node",
    title: "a plugin takes the schema builder",
    crosses: { "plugins/one/plugin.ts": takes("../_kit/schema/index.ts"), "plugins/_kit/schema/index.ts": thing },
    stays: { "plugins/one/manifest.ts": takes("../_kit/schema/index.ts"), "plugins/_kit/schema/index.ts": thing },
  },
  {
    rule: "build-knows-no-command",
    title: "the build takes a command",
    crosses: { "cli/build/pack.ts": takes("../commands/list.ts"), "cli/commands/list.ts": thing },
    stays: { "cli/commands/list.ts": takes("../build/pack.ts"), "cli/build/pack.ts": thing },
  },
  {
    rule: "cli-knows-one-plugin",
    title: "the build takes a plugin's manifest",
    crosses: { "cli/build/plan.ts": takes("../../plugins/one/manifest.ts"), "plugins/one/manifest.ts": thing },
    stays: {
      "cli/build/load/upstream-plugin.ts": takes("../../../plugins/dynamic-upstreams/manifest.ts"),
      "plugins/dynamic-upstreams/manifest.ts": thing,
    },
  },
  {
    rule: "engine-knows-no-build",
    title: "the engine takes the build",
    crosses: { "cli/engine/find.ts": takes("../build/pack.ts"), "cli/build/pack.ts": thing },
    stays: { "cli/engine/find.ts": takes("../errors.ts"), "cli/errors.ts": thing },
  },
  {
    rule: "admin-client-loads-at-most",
    title: "the admin client takes the engine",
    crosses: { "cli/admin-client/a.ts": takes("../engine/find.ts"), "cli/engine/find.ts": thing },
    stays: { "cli/admin-client/a.ts": takes("../build/load/index.ts"), "cli/build/load/index.ts": thing },
  },
  {
    rule: "screen-only-draws",
    title: "the screen takes the build",
    crosses: { "cli/screen/a.ts": takes("../build/load/index.ts"), "cli/build/load/index.ts": thing },
    stays: { "cli/screen/a.ts": takesType("../admin-client/status.ts"), "cli/admin-client/status.ts": thing },
  },
  {
    rule: "screen-takes-types-of-the-gateway",
    title: "the screen asks the gateway by itself",
    crosses: { "cli/screen/a.ts": takes("../admin-client/index.ts"), "cli/admin-client/index.ts": thing },
    stays: { "cli/screen/a.ts": takesType("../admin-client/index.ts"), "cli/admin-client/index.ts": thing },
  },
  {
    rule: "nothing-imports-main",
    title: "a command takes main",
    crosses: { "cli/commands/list.ts": takes("../main.ts"), "cli/main.ts": thing },
    stays: { "cli/main.ts": takes("./commands/list.ts"), "cli/commands/list.ts": thing },
  },
  {
    rule: "compiler-in-one-room",
    title: "a command takes the compiler",
    crosses: { ...withPackage("typescript", "dependencies"), "cli/commands/list.ts": takes("typescript") },
    stays: { ...withPackage("typescript", "dependencies"), "cli/build/compile/emit.ts": takes("typescript") },
  },
  {
    rule: "product-needs-no-dev-package",
    title: "a command takes a package for development",
    crosses: { ...withPackage("vitest", "devDependencies"), "cli/commands/list.ts": takes("vitest") },
    stays: { ...withPackage("picocolors", "dependencies"), "cli/commands/list.ts": takes("picocolors") },
  },
  {
    rule: "product-needs-no-dev-package",
    title: "a command takes a package that package.json does not list",
    crosses: { ...withPackage("other", "dependencies"), "package.json": "{}", "cli/commands/list.ts": takes("other") },
    stays: { ...withPackage("vitest", "devDependencies"), "cli/commands/list.test.ts": takes("vitest") },
  },
  {
    rule: "product-imports-no-test",
    title: "the build takes the harness",
    crosses: { "cli/build/pack.ts": takes("../../test/harness/ports.ts"), "test/harness/ports.ts": thing },
    stays: { "test/engine/a.ts": takes("../harness/ports.ts"), "test/harness/ports.ts": thing },
  },
  {
    rule: "everything-resolves",
    title: "a misspelled file",
    crosses: { "cli/build/pack.ts": takes("./misspelled.ts") },
    stays: { "nginx/runtime/json.ts": takes("cjson.safe"), "nginx/runtime/peer.ts": takes("ngx.balancer") },
  },
  {
    rule: "no-cycle",
    title: "two files that need each other",
    crosses: {
      "cli/build/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
      "cli/build/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;\n',
    },
    stays: { "cli/build/a.ts": takes("./b.ts"), "cli/build/b.ts": thing },
  },
  {
    rule: "no-dead-file",
    title: "a file that only its test knows",
    crosses: { "cli/main.ts": thing, "cli/build/a.ts": thing, "cli/build/a.test.ts": takes("./a.ts") },
    stays: { "cli/main.ts": 'export const load = () => import("./build/a.ts");\n', "cli/build/a.ts": thing },
  },
];
