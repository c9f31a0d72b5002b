import { ESLint } from "eslint";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lintConfig } from "./config.ts";
import { examples } from "./lua-subset.examples.ts";
import { luaRules } from "./rule-sets.ts";

/** Every example is a file of one small Lua program, linted with the configuration that the repository uses. */
const PROGRAM = JSON.stringify({
  compilerOptions: {
    strict: true,
    target: "ES2023",
    module: "ESNext",
    moduleDetection: "force",
    types: [],
    noEmit: true,
  },
  include: ["plugins", "cli"],
});
const MULTI_RETURN = "declare type LuaMultiReturn<T extends any[]> = T & { readonly __tstlMultiReturn: any };\n";

const root = mkdtempSync(join(tmpdir(), "lua-subset-"));
const core = join(root, "plugins/_core");
const reported = new Map<string, readonly (string | null)[]>();

const fileOf = (rule: string, kind: "bad" | "good", index: number): string =>
  `${rule.replaceAll(/[@/]/g, "_")}.${kind}.${index}.ts`;

async function lint(): Promise<void> {
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: lintConfig(root) });
  for (const result of await eslint.lintFiles(["."])) {
    const key = result.filePath.includes("_core") ? basename(result.filePath) : result.filePath.slice(root.length + 1);
    reported.set(
      key,
      result.messages.map((message) => message.ruleId),
    );
  }
}

beforeAll(async () => {
  mkdirSync(core, { recursive: true });
  mkdirSync(join(root, "cli"));
  mkdirSync(join(root, "examples/own"), { recursive: true });
  writeFileSync(join(root, "tsconfig.json"), PROGRAM);
  writeFileSync(join(root, "tstl.json"), PROGRAM);
  writeFileSync(join(core, "multi-return.d.ts"), MULTI_RETURN);
  writeFileSync(join(root, "cli/node.ts"), "export const odd = (n: number) => n % 2 === 1;\n");
  writeFileSync(join(core, "odd.test.ts"), "export const odd = (n: number) => n % 2 === 1;\n");
  writeFileSync(join(root, "examples/own/plugin.ts"), "export const odd = (n: number) => n % 2 === 1;\n");
  for (const [rule, { bad, good }] of Object.entries(examples)) {
    for (const [index, code] of bad.entries()) writeFileSync(join(core, fileOf(rule, "bad", index)), code);
    for (const [index, code] of good.entries()) writeFileSync(join(core, fileOf(rule, "good", index)), code);
  }
  await lint();
}, 60_000);

afterAll(() => rmSync(root, { recursive: true }));

const LUA_RULES = Object.keys(luaRules).filter((name) => luaRules[name] !== "off");

test("every rule of the Lua subset has an example, and every example a rule", () => {
  expect(Object.keys(examples).sort()).toEqual(LUA_RULES.sort());
});

describe.each(Object.entries(examples))("%s", (rule, { bad, good }) => {
  test.each(bad.map((code, index) => [code, index] as const))("refuses %s", (_code, index) => {
    expect(reported.get(fileOf(rule, "bad", index))).toContain(rule);
  });

  test.each(good.map((code, index) => [code, index] as const))("accepts %s", (_code, index) => {
    expect(reported.get(fileOf(rule, "good", index))).toEqual([]);
  });
});

test("the rules hold for the Lua program only", () => {
  expect(reported.get("cli/node.ts")).toEqual([]);
  expect(reported.get("odd.test.ts")).toEqual([]);
});

test("plugins of examples keep to the part of the subset that needs no types", () => {
  expect(reported.get("examples/own/plugin.ts")).toEqual(["lua/no-modulo"]);
});
