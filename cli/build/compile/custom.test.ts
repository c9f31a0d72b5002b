import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFiles } from "../../../test/harness/temporary-files.ts";
import { AutoscaleError, type Problem } from "../../errors.ts";
import { loadCustomPlugins } from "./custom.ts";

const MANIFEST = `import { definePlugin, schema } from "autoscale-lua";

export default definePlugin({
  name: "hello",
  version: "1.0.0",
  description: "Says hello in a header of the answer.",
  priority: { openresty: 10, kong: 10, apisix: 10 },
  phases: ["header_filter"],
  dicts: [],
  config: schema.record({ greeting: schema.string({ description: "What to say to the client.", default: "hello" }) }),
});
`;

const PLUGIN = `import type { Create } from "autoscale-lua";

export const create: Create<{ readonly greeting: string }> = (config) => ({
  header_filter(context) {
    context.setResponseHeader("X-Hello", config.greeting);
  },
});
`;

function folderWith(files: Readonly<Record<string, string>>): string {
  return join(
    temporaryFiles({ "plugins/hello/manifest.ts": MANIFEST, "plugins/hello/plugin.ts": PLUGIN, ...files }),
    "plugins",
  );
}

async function problemsOf(
  files: Readonly<Record<string, string>>,
  stock?: ReadonlySet<string>,
): Promise<readonly Problem[]> {
  try {
    await loadCustomPlugins([folderWith(files)], stock);
  } catch (error) {
    if (error instanceof AutoscaleError) return error.problems;
    throw error;
  }
  return [];
}

describe("a good plugin", () => {
  test("gives its manifest and its Lua", async () => {
    const { manifests, modules, warnings } = await loadCustomPlugins([folderWith({})]);
    expect(manifests.get("hello")?.version).toBe("1.0.0");
    expect(modules.map(({ name, path, source }) => ({ name, path, source }))).toEqual([
      {
        name: "autoscale.plugins.hello.plugin",
        path: "autoscale/plugins/hello/plugin.lua",
        source: "plugins/hello/plugin.ts",
      },
    ]);
    expect(modules[0]?.lua).toContain("____exports.create = function(config)");
    expect(modules[0]?.lua).not.toContain("autoscale-lua");
    expect(warnings).toEqual([]);
  });

  test("may use helpers, its manifest's types, and stock algorithms", async () => {
    const { modules } = await loadCustomPlugins([
      folderWith({
        "plugins/hello/plugin.ts": `import { samplePressure } from "autoscale-lua/core/pressure";
import type { Create } from "autoscale-lua";
import type manifest from "./manifest.ts";
import { twice } from "./twice.ts";
export type Name = typeof manifest.name;
export const create: Create<object> = (_config, host) => ({ log: () => host.log.notice(twice(samplePressure(1, 0)) > 1 ? "a" : "b") });
`,
        "plugins/hello/twice.ts": "export function twice(value: number): number { return value * 2; }\n",
        "plugins/hello/hello.test.ts": "this is no TypeScript",
      }),
    ]);
    expect(modules.map(({ name, requires }) => ({ name, requires }))).toEqual([
      {
        name: "autoscale.plugins.hello.plugin",
        requires: ["autoscale.core.pressure", "autoscale.plugins.hello.twice"],
      },
      { name: "autoscale.plugins.hello.twice", requires: [] },
    ]);
  });

  test("gives the same bytes wherever it lies", async () => {
    const [first, second] = await Promise.all([
      loadCustomPlugins([folderWith({})]),
      loadCustomPlugins([folderWith({})]),
    ]);
    expect(second.modules).toEqual(first.modules);
  });

  test("is warned of slow code, and gets the library it needs under our name", async () => {
    const { modules, warnings } = await loadCustomPlugins([
      folderWith({
        "plugins/hello/plugin.ts": `import type { Create } from "autoscale-lua";
export const create: Create<object> = (config) => ({ log: (context) => context.remember("x", { ...config }) });
`,
      }),
    ]);
    expect(modules.map((module) => module.name)).toEqual(["autoscale.plugins.hello.plugin", "autoscale.lualib"]);
    expect(modules[0]?.lua).toContain('require("autoscale.lualib")');
    expect(warnings).toMatchObject([{ code: "W_PLUGIN_SLOW", file: "plugins/hello/plugin.ts" }]);
  });
});

const plugin = (text: string): Readonly<Record<string, string>> => ({ "plugins/hello/plugin.ts": text });
const CREATE = 'import type { Create } from "autoscale-lua";\n';

describe("a plugin.ts with a mistake", () => {
  test.each<[string, Readonly<Record<string, string>>, Partial<Problem>]>([
    [
      "a wrong type",
      plugin(`${CREATE}export const create: Create<object> = () => ({ log: 1 });\n`),
      { code: "E_PLUGIN_TYPE", line: 2, column: 48 },
    ],
    ["a gateway's API", plugin(`${PLUGIN}ngx.say("x");\n`), { code: "E_PLUGIN_HOST_API", line: 8, column: 1 }],
    [
      "a gateway's API, declared",
      plugin(`${PLUGIN}declare const kong: { exit(): void };\n`),
      { code: "E_PLUGIN_HOST_API", line: 8 },
    ],
    [
      "a gateway's module",
      plugin(`import http from "resty.http";\n${PLUGIN}`),
      { code: "E_PLUGIN_HOST_API", line: 1, column: 18 },
    ],
    [
      "another plugin",
      plugin(`import { x } from "../other/plugin.ts";\n${PLUGIN}`),
      { code: "E_PLUGIN_IMPORT", line: 1 },
    ],
    ["an npm package", plugin(`import x from "lodash";\n${PLUGIN}`), { code: "E_PLUGIN_IMPORT", line: 1 }],
    ["a package's types", plugin(`import type x from "lodash";\n${PLUGIN}`), { code: "E_PLUGIN_IMPORT", line: 1 }],
    [
      "values of the kit",
      plugin(`import { definePlugin } from "autoscale-lua";\n${PLUGIN}`),
      { code: "E_PLUGIN_IMPORT", line: 1 },
    ],
    [
      "values of the manifest",
      plugin(`import m from "./manifest.ts";\n${PLUGIN}`),
      { code: "E_PLUGIN_IMPORT", line: 1 },
    ],
    ["Lua's require", plugin(`${PLUGIN}require("os");\n`), { code: "E_PLUGIN_IMPORT", line: 8 }],
    ["no create", plugin("export const made = 1;\n"), { code: "E_PLUGIN_CREATE", line: 1 }],
    ["a create that is no function", plugin("export const create = 1;\n"), { code: "E_PLUGIN_CREATE", line: 1 }],
    [
      "a create that gives no handlers",
      plugin("export function create(): number { return 1; }\n"),
      { code: "E_PLUGIN_CREATE", line: 1 },
    ],
    ["what Lua lacks", plugin(`${PLUGIN}export const big = 1n;\n`), { code: "E_PLUGIN_LUA", line: 8 }],
    ["a syntax error", plugin("export const create = (;\n"), { code: "E_PLUGIN_TYPE", line: 1 }],
  ])("%s", async (_title, files, expected) => {
    const problems = await problemsOf(files);
    expect(problems).toContainEqual(expect.objectContaining(expected));
    expect(problems[0]?.file).toMatch(/hello\/plugin\.ts$/);
  });
});

const manifest = (from: string, to: string): Readonly<Record<string, string>> => ({
  "plugins/hello/manifest.ts": MANIFEST.replace(from, to),
});

describe("a manifest.ts with a mistake", () => {
  test.each<[string, Readonly<Record<string, string>>, Partial<Problem>]>([
    ["another name", manifest('"hello"', '"goodbye"'), { path: "name", line: 4, column: 3 }],
    ["a missing priority", manifest("kong: 10, ", ""), { path: "priority.kong", line: 7, column: 13 }],
    ["an unknown phase", manifest('"header_filter"', '"content"'), { path: "phases[0]", line: 8, column: 12 }],
    [
      "an early that is no truth value",
      manifest("dicts: []", "early: 1 as never, dicts: []"),
      { path: "early", line: 9 },
    ],
    ["no schema", manifest("config: schema", "config: 1 as never, other: schema"), { path: "config", line: 10 }],
    ["a broken schema", manifest("What to say to the client.", "short"), { line: 10 }],
    [
      "a throw",
      manifest("export default", 'throw new Error("no");\nexport default'),
      { line: 3, message: "it throws: no" },
    ],
    ["a syntax error", manifest("export default definePlugin({", "export default definePlugin(("), { line: 10 }],
    ["no default export", manifest("export default", "export const other ="), { path: "default" }],
  ])("%s", async (_title, files, expected) => {
    const problems = await problemsOf(files);
    expect(problems).toEqual([expect.objectContaining({ code: "E_PLUGIN_MANIFEST", ...expected })]);
    expect(problems[0]?.file).toMatch(/hello\/manifest\.ts$/);
  });
});

describe("a folder with a mistake", () => {
  test("a stock plugin's name", async () => {
    expect(await problemsOf({}, new Set(["hello"]))).toMatchObject([{ code: "E_PLUGIN_NAME" }]);
  });

  test("a missing file", async () => {
    expect(await problemsOf({ "plugins/half/plugin.ts": PLUGIN })).toMatchObject([{ code: "E_PLUGIN_FILE" }]);
  });

  test("no plugin in it, or no folder", async () => {
    const empty = temporaryFiles({ "notes/readme.md": "" });
    await expect(loadCustomPlugins([empty, join(empty, "nowhere")])).rejects.toMatchObject({
      problems: [{ code: "E_PLUGIN_FOLDER" }, { code: "E_PLUGIN_FOLDER" }],
    });
  });

  test("all problems come together", async () => {
    const problems = await problemsOf({ ...manifest('"1.0.0"', '"one"'), ...plugin("export const create = 1;\n") });
    expect(problems.map((problem) => problem.code).sort()).toEqual(["E_PLUGIN_CREATE", "E_PLUGIN_MANIFEST"]);
  });
});
