import { describe, expect, test } from "vitest";
import { hasLuaJit } from "../../../test/harness/luajit.ts";
import { checkLuaSyntax } from "./syntax.ts";

describe.skipIf(!hasLuaJit)("checkLuaSyntax (skipped without luajit)", () => {
  test("right files give nothing", async () => {
    const modules = [
      { path: "a.lua", lua: "return { text = 'ä' }\n" },
      { path: "empty.lua", lua: "" },
      { path: "b.lua", lua: "local x = 1" },
    ];
    expect(await checkLuaSyntax(modules)).toEqual([]);
  });

  test("each wrong file is named with its line", async () => {
    const modules = [
      { path: "good.lua", lua: "return 1" },
      { path: "autoscale/bad.lua", lua: "local a = 1\nlocal = 2\n" },
      { path: "open.lua", lua: "if true then" },
    ];
    expect(await checkLuaSyntax(modules)).toEqual([
      {
        code: "E_PLUGIN_LUA",
        file: "autoscale/bad.lua",
        line: 2,
        message: expect.stringContaining("expected near '='") as string,
      },
      { code: "E_PLUGIN_LUA", file: "open.lua", line: 1, message: "'end' expected near '<eof>'" },
    ]);
  });

  test("LuaJIT's limit of 200 locals is found", async () => {
    const lua = Array.from({ length: 201 }, (_, index) => `local v${String(index)} = 1`).join("\n");
    expect(await checkLuaSyntax([{ path: "many.lua", lua }])).toMatchObject([{ file: "many.lua", line: 201 }]);
  });
});

test("without luajit it says that nothing was checked", async () => {
  expect(await checkLuaSyntax([{ path: "a.lua", lua: "nonsense" }], "no-such-luajit")).toBe("no luajit");
});
