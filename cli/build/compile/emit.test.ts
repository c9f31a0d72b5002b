import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "../../../test/harness/checkout.ts";
import { AutoscaleError, type Problem } from "../../errors.ts";
import { emitLua } from "./emit.ts";
import type { LuaModule } from "./lua-module.ts";
import { lualibFor } from "./lualib.ts";
import { readLuaConfig } from "./options.ts";
import { compileStock } from "./stock-sources.ts";

const SOURCES = {
  "plugins/_core/half.ts":
    "/** Half of it. */\nexport function half(value: number): number {\n  return value / 2;\n}\n",
  "plugins/_kit/words.ts": "export interface Words {\n  readonly first: string;\n}\n",
  "plugins/rate/plugin.ts": `import type { Words } from "../_kit/words.ts";
import { half } from "../_core/half.ts";
import { inner } from "./parts/inner.ts";

export const create = (words: Words) => ({ log: () => half(inner(words.first)) });
`,
  "plugins/rate/parts/inner.ts": "export const inner = (text: string): number => text.length;\n",
  "nginx/runtime/clock.ts": "export const now = (): number => ngx.now();\n",
  "templates/openresty/runtime/host.ts":
    'import { now } from "../../../nginx/runtime/clock.ts";\nexport const later = () => now() + 1;\n',
};

function problemsOf(sources: Readonly<Record<string, string>>): readonly Problem[] {
  try {
    compileStock(checkout(sources));
  } catch (error) {
    if (error instanceof AutoscaleError) return error.problems;
    throw error;
  }
  return [];
}

function moduleNamed(modules: readonly LuaModule[], name: string): LuaModule {
  const found = modules.find((module) => module.name === name);
  if (found === undefined) throw new Error(`no module ${name}`);
  return found;
}

describe("the product's Lua program", () => {
  test("every room has its name, and files of types leave nothing", () => {
    const modules = compileStock(checkout(SOURCES));
    expect(modules.map(({ name, path, source, requires }) => [name, path, source, requires])).toEqual([
      ["autoscale.core.half", "autoscale/core/half.lua", "plugins/_core/half.ts", []],
      [
        "autoscale.openresty.host",
        "autoscale/openresty/host.lua",
        "templates/openresty/runtime/host.ts",
        ["autoscale.runtime.clock"],
      ],
      [
        "autoscale.plugins.rate.parts.inner",
        "autoscale/plugins/rate/parts/inner.lua",
        "plugins/rate/parts/inner.ts",
        [],
      ],
      [
        "autoscale.plugins.rate.plugin",
        "autoscale/plugins/rate/plugin.lua",
        "plugins/rate/plugin.ts",
        ["autoscale.core.half", "autoscale.plugins.rate.parts.inner"],
      ],
      ["autoscale.runtime.clock", "autoscale/runtime/clock.lua", "nginx/runtime/clock.ts", []],
    ]);
  });

  test("the bytes do not tell where the checkout lies", () => {
    const first = checkout(SOURCES);
    const modules = compileStock(first);
    expect(compileStock(checkout(SOURCES))).toEqual(modules);
    expect(JSON.stringify(modules)).not.toContain(first);
  });

  test("the map leads from a Lua line to its TypeScript line", () => {
    const { lua, map } = moduleNamed(compileStock(checkout(SOURCES)), "autoscale.core.half");
    const line = lua.split("\n").findIndex((text) => text.includes("return value / 2")) + 1;
    expect(originalPositionFor(new TraceMap(map), { line, column: 4 })).toMatchObject({
      source: "plugins/_core/half.ts",
      line: 3,
      column: 2,
    });
  });

  test("a file without imports or exports leaves no globals", () => {
    const [module] = compileStock(checkout({ "plugins/_core/quiet.ts": "const quiet = 1;\nprint(quiet);\n" }));
    expect(module?.lua).toContain("local quiet = 1");
  });

  test("Math is Lua's math", () => {
    const source = "export const most = (a: number, b: number): number => Math.max(a, b);\n";
    const [module] = compileStock(checkout({ "plugins/_core/most.ts": source }));
    expect(module?.lua).toContain("math.max(a, b)");
  });
});

test("functions of an installed package are called as its own Lua is: without self", () => {
  const root = checkout({
    "node_modules/installed/half.ts": SOURCES["plugins/_core/half.ts"],
    "plugin.ts":
      'import { half } from "installed/half";\nexport const quarter = (value: number) => half(half(value));\n',
  });
  const { options, fileNames, isLibrary } = readLuaConfig(root);
  const paths = { "installed/*": [join(root, "node_modules/installed/*.ts")] };
  const [module] = emitLua({
    options: { ...options, paths },
    rootNames: [...fileNames, join(root, "plugin.ts")],
    isLibrary,
    identify: (fileName) =>
      fileName.endsWith(".d.ts") ? undefined : { name: basename(fileName, ".ts"), source: fileName },
    emits: (fileName) => fileName.endsWith("plugin.ts"),
  });
  expect(module?.lua).toContain("return half(half(value))");
});

describe("what is refused", () => {
  test("a wrong type, with its place", () => {
    const problems = problemsOf({
      "plugins/_core/bad.ts": 'export const one: number = 1;\nexport const two: number = "2";\n',
    });
    expect(problems).toEqual([
      {
        code: "E_PLUGIN_TYPE",
        file: expect.stringMatching(/plugins\/_core\/bad\.ts$/) as string,
        line: 2,
        column: 14,
        message: "Type 'string' is not assignable to type 'number'.",
      },
    ]);
  });

  test("all mistakes at once", () => {
    const sources = {
      "plugins/_core/a.ts": "export const a: number = true;\n",
      "plugins/_core/b.ts": "export const b = nothing;\n",
    };
    expect(problemsOf(sources).map(({ code, line }) => [code, line])).toEqual([
      ["E_PLUGIN_TYPE", 1],
      ["E_PLUGIN_TYPE", 1],
    ]);
  });

  test("what Lua lacks", () => {
    expect(problemsOf({ "plugins/_core/big.ts": "export const big = 1n;\n" })).toMatchObject([
      { code: "E_PLUGIN_LUA", line: 1 },
    ]);
  });

  test("a call of the library in stock code, with its place", () => {
    const source = "export const copy = (value: { a: number }) => {\n  return { ...value };\n};\n";
    expect(problemsOf({ "plugins/_core/copy.ts": source })).toMatchObject([
      {
        code: "E_PLUGIN_LUA",
        file: "plugins/_core/copy.ts",
        line: 2,
        message: expect.stringContaining("__TS__ObjectAssign") as string,
      },
    ]);
  });
});

test("the library holds what is used, in the same bytes whatever the order", () => {
  const module = (name: string, feature: string): LuaModule => ({
    name,
    path: "",
    source: "",
    map: "",
    requires: ["autoscale.lualib"],
    lua: `local ____lualib = require("autoscale.lualib")\nlocal __TS__${feature} = ____lualib.__TS__${feature}\n`,
  });
  const modules = [module("a", "ObjectAssign"), module("b", "StringSplit")];
  const library = lualibFor(modules);
  expect(library?.lua).toContain("__TS__StringSplit = __TS__StringSplit");
  expect(library?.lua).not.toContain("__TS__Promise");
  expect(lualibFor([...modules].reverse())).toEqual(library);
  expect(lualibFor([])).toBeUndefined();
});
