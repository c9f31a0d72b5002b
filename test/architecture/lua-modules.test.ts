import { basename } from "node:path";
import { expect, test } from "vitest";
import { isTest, projectFiles } from "./repository.ts";

/** Modules that Lua and LuaJIT have built in: a file of that name requires theirs. */
const BUILT_IN = ["bit", "coroutine", "debug", "ffi", "io", "jit", "math", "os", "package", "string", "table", "utf8"];

const modules = (...folders: readonly string[]): readonly string[] =>
  projectFiles(...folders).filter((path) => /(?<!\.d)\.ts$/.test(path) && !isTest(path));

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

const hosts = new Set(projectFiles("templates/*/runtime/**").map((path) => path.split("/")[1] ?? ""));

test.each([...hosts])("a log line of %s, which shows only the file's name, points to one file", (host) => {
  const files = modules("nginx/runtime", "plugins/_core", ":(glob)plugins/_kit/*.ts", `templates/${host}/runtime`);
  expect(repeated(files.map((path) => basename(path)))).toEqual([]);
});

test("a repeated name is noticed", () => {
  expect(repeated(["clock.ts", "store.ts", "clock.ts"])).toEqual(["clock.ts"]);
});

test("no Lua file has the name of a built-in module", () => {
  const files = modules("nginx/runtime", "plugins", "templates/*/runtime");
  expect(files.filter((path) => BUILT_IN.includes(basename(path, ".ts")))).toEqual([]);
});
