import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../../test/harness/checkout.ts";
import { readIndex, stockModules } from "./compile/stock.ts";
import { precompile } from "./precompile.ts";

const SOURCES = {
  "plugins/_core/half.ts": "export const half = (value: number): number => value / 2;\n",
  "plugins/_core/half.test.ts": "this is no TypeScript",
  "plugins/_kit/words.ts": "export interface Words {\n  readonly first: string;\n}\n",
  "plugins/rate/plugin.ts":
    'import { half } from "../_core/half.ts";\nexport const quarter = (value: number) => half(half(value));\n',
};

function everything(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length), readFileSync(file, "utf8")]),
  );
}

test("writes Lua, maps, an index that tells the truth, and the sources plugins compile against", async () => {
  const root = checkout(SOURCES);
  const out = join(root, "lib", "lua");
  await precompile(root, out);

  const index = await readIndex(out);
  expect([...index.keys()]).toEqual(["autoscale.core.half", "autoscale.plugins.rate.plugin"]);
  for (const { path, sha256 } of index.values()) {
    const lua = readFileSync(join(out, path));
    expect(createHash("sha256").update(lua).digest("hex")).toBe(sha256);
    expect(existsSync(join(out, `${path}.map`))).toBe(true);
  }
  const modules = await stockModules(["autoscale.plugins.rate.plugin"], out);
  expect(modules.map((module) => module.name)).toEqual(["autoscale.core.half", "autoscale.plugins.rate.plugin"]);

  const sources = readdirSync(join(root, "lib", "source"), { recursive: true });
  expect(sources).toEqual(expect.arrayContaining(["tstl.json", "plugins/_core/half.ts", "plugins/_kit/words.ts"]));
  expect(sources).not.toContain("plugins/_core/half.test.ts");
});

test("twice gives the same bytes, and what is gone from the sources is gone", async () => {
  const root = checkout(SOURCES);
  const out = join(root, "lib", "lua");
  await precompile(root, out);
  const first = everything(join(root, "lib"));
  const stale = join(out, "autoscale", "core", "old.lua");
  mkdirSync(dirname(stale), { recursive: true });
  writeFileSync(stale, "return {}\n");
  await precompile(root, out);
  expect(everything(join(root, "lib"))).toEqual(first);
});

test("a mistake stops it and leaves what was there", async () => {
  const root = checkout({
    ...SOURCES,
    "plugins/_core/half.ts": "export const half = (value: number): string => value;\n",
  });
  const out = join(root, "lib", "lua");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "modules.json"), "[]");
  await expect(precompile(root, out)).rejects.toThrow("E_PLUGIN_TYPE");
  expect(readFileSync(join(out, "modules.json"), "utf8")).toBe("[]");
});
