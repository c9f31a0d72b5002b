import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasLuaJit } from "../harness/luajit.ts";
import { runExplain } from "../harness/run-explain.ts";
import { CALLS_AT, MODULE, THROWS_AT, throwingBundle } from "../harness/throwing-bundle.ts";

const script = (path: string): string => `
package.path = "${path}/?.lua"
local handlers = require("${MODULE}").create({}, {})
print(select(2, xpcall(handlers.log, debug.traceback)))`;

test.skipIf(!hasLuaJit)("a trace of LuaJIT names the lines of TypeScript (skipped without luajit)", async () => {
  const bundle = await throwingBundle();
  // LuaJIT keeps 60 characters of a path: a long one shows that a cut name is understood.
  const longPath = `${join(bundle, "lua")}${"/.".repeat(30)}`;
  const { stdout } = spawnSync("luajit", ["-e", script(longPath)], { encoding: "utf8" });
  expect(stdout).toContain("...");
  const explained = await runExplain(bundle, stdout);
  const lines = explained.split("\n").filter((line) => line.includes("thrower/plugin.ts"));
  expect(lines[0]).toContain(THROWS_AT);
  expect(lines[0]).toContain("too slow");
  expect(explained).toContain(CALLS_AT);
});
