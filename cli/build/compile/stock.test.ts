import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFiles } from "../../../test/harness/temporary-files.ts";
import { packageRoot } from "./places.ts";
import { stockModules } from "./stock.ts";

const entry = (name: string, requires: readonly string[] = []) => ({
  name,
  path: `${name}.lua`,
  source: `${name}.ts`,
  requires,
  sha256: createHash("sha256").update(name).digest("hex"),
});

function store(): string {
  const names = ["core", "left", "right", "alone"];
  const entries = [entry("core"), entry("left", ["core"]), entry("right", ["core", "left"]), entry("alone")];
  const files = names.flatMap((name): [string, string][] => [
    [`${name}.lua`, `-- ${name}`],
    [`${name}.lua.map`, "{}"],
  ]);
  return temporaryFiles({ ...Object.fromEntries(files), "modules.json": JSON.stringify(entries) });
}

test("gives the roots and what they require, each once, sorted", async () => {
  const folder = store();
  const modules = await stockModules(["right", "left"], folder);
  expect(modules.map((module) => module.name)).toEqual(["core", "left", "right"]);
  expect(modules[0]).toEqual({
    name: "core",
    path: "core.lua",
    source: "core.ts",
    requires: [],
    lua: "-- core",
    map: "{}",
  });
  expect(await stockModules([], folder)).toEqual([]);
});

test("an unknown name is a fault of the product", async () => {
  await expect(stockModules(["nothing"], store())).rejects.toThrow('no stock Lua module "nothing"');
});

test("a package that was not built says so", async () => {
  await expect(stockModules(["core"], temporaryFiles({}))).rejects.toThrow("npm run build");
});

/** Imports these modules in a process of its own and uses them; gives the files of TypeScript's packages it loaded. */
function loadedCompilers(modules: readonly string[], use: string): readonly string[] {
  const paths = modules.map((path) => join(packageRoot, path));
  const script = `
    import { createRequire } from "node:module";
    import { createJiti } from "jiti";
    const jiti = createJiti(import.meta.url, { fsCache: false });
    const modules = Object.assign({}, ...(await Promise.all(${JSON.stringify(paths)}.map((path) => jiti.import(path)))));
    ${use}
    const files = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify(files.filter((file) => /node_modules.typescript(-to-lua)?./.test(file))));`;
  const args = ["--input-type=module", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: packageRoot, encoding: "utf8" })) as readonly string[];
}

test("the way of stock plugins loads no TypeScript", () => {
  const modules = [
    "cli/build/compile/stock.ts",
    "cli/build/registry.ts",
    "cli/build/compile/custom.ts",
    "cli/build/compile/syntax.ts",
  ];
  const use = "await modules.stockPlugins(); await modules.loadCustomPlugins([]); await modules.checkLuaSyntax([]);";
  expect(loadedCompilers(modules, use)).toEqual([]);
});

test("the way of custom plugins does, so the test above can fail", () => {
  expect(loadedCompilers(["cli/build/compile/emit.ts"], "")).not.toEqual([]);
});
