import { describe, expect, test } from "vitest";
import { explain, explainLine, LuaMaps } from "./index.ts";

/**
 * Three lines of Lua: the first came from 1:1, the second from nothing, the third from 3:5. In base 64 VLQ a segment is
 * `[Lua column, source, line, column]`, each against the one before.
 */
const map = (source: string): string =>
  JSON.stringify({ version: 3, file: "x.lua", sources: [source], names: [], mappings: "AAAA;;IAEI" });

const maps = new LuaMaps(
  new Map([
    ["autoscale/core/gcra.lua", map("plugins/_core/gcra.ts")],
    ["autoscale/plugins/circuit-breaker/plugin.lua", map("plugins/circuit-breaker/plugin.ts")],
    ["autoscale/plugins/rate/plugin.lua", map("plugins/rate/plugin.ts")],
  ]),
);

const BREAKER = "plugins/circuit-breaker/plugin.ts";

describe("explainLine", () => {
  test.each([
    [
      "an absolute path",
      "error: /srv/gw/lua/autoscale/core/gcra.lua:3: boom",
      "error: plugins/_core/gcra.ts:3:5 (gcra.lua:3): boom",
    ],
    ["a path from the prefix", "./lua/autoscale/core/gcra.lua:1: boom", "plugins/_core/gcra.ts:1:1 (gcra.lua:1): boom"],
    ["a path below lua/", "autoscale/core/gcra.lua:1:", "plugins/_core/gcra.ts:1:1 (gcra.lua:1):"],
    ["a path LuaJIT cut", "...scale/plugins/circuit-breaker/plugin.lua:3: boom", `${BREAKER}:3:5 (plugin.lua:3): boom`],
    ["a path cut far from ours", ".../a/lua/autoscale/core/gcra.lua:3: x", "plugins/_core/gcra.ts:3:5 (gcra.lua:3): x"],
    [
      "ngx.log's last part",
      "[lua] gcra.lua:3: log(): late",
      "[lua] plugins/_core/gcra.ts:3:5 (gcra.lua:3): log(): late",
    ],
    [
      "a last part that several files have",
      "[lua] plugin.lua:3: log(): late",
      `[lua] ${BREAKER}:3:5 or plugins/rate/plugin.ts:3:5 (plugin.lua:3): log(): late`,
    ],
    [
      "a function in a trace",
      "in function <.../circuit-breaker/plugin.lua:3>",
      `in function <${BREAKER}:3:5 (plugin.lua:3)>`,
    ],
    ["a line without a position of its own", "core/gcra.lua:2:", "plugins/_core/gcra.ts:1:1 (gcra.lua:2):"],
    [
      "two positions",
      "gcra.lua:1: gcra.lua:3:",
      "plugins/_core/gcra.ts:1:1 (gcra.lua:1): plugins/_core/gcra.ts:3:5 (gcra.lua:3):",
    ],
  ])("%s", (_title, line, expected) => {
    expect(explainLine(line, maps)).toBe(expected);
  });

  test.each([
    "plain text, no position",
    "/usr/share/lua/5.1/resty/core/gcra.lua:12: not ours",
    "other.lua:3: not ours",
    "my-gcra.lua:3: not ours",
    '[string "access_by_lua(nginx.conf:61)"]:1: a block of the conf',
  ])("leaves alone: %s", (line) => {
    expect(explainLine(line, maps)).toBe(line);
  });
});

test("lines come out as they come in", async () => {
  const lines: string[] = [];
  for await (const line of explain(["gcra.lua:1:", "", "end"], maps)) lines.push(line);
  expect(lines).toEqual(["plugins/_core/gcra.ts:1:1 (gcra.lua:1):", "", "end"]);
});
