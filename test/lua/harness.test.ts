import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comparable } from "../harness/comparable.ts";
import { hasLuaJit, LuaError, startLuaJit, type LuaJit } from "../harness/luajit.ts";

const MODULE = {
  name: "autoscale.test.echo",
  path: "autoscale/test/echo.lua",
  source: "",
  map: "{}",
  requires: [],
  lua: `local m = {}
function m.echo(...) return ... end
function m.bytes(text) return #text end
function m.fail() error("on purpose") end
function m.push(list, item) list[#list + 1] = item return #list end
function m.counter(start)
  local self = { count = start }
  function self.add(by) self.count = self.count + by return self.count end
  function self:read() return self.count end
  return self
end
return m`,
};

describe.skipIf(!hasLuaJit)("the LuaJIT harness (skipped: no luajit on PATH)", () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit([MODULE]);
  });
  afterAll(() => lua.stop());

  const echo = (value: unknown) => lua.call(MODULE.name, "echo", value);

  test.each([0, -1, 1e300, 5e-324, 0.1, 1 / 3, 2 ** 53, Infinity, -Infinity, NaN, -0])(
    "the number %d comes back",
    async (value) => {
      expect(await echo(value)).toBe(value);
    },
  );

  test.each(["", "plain", 'quote " and \\', "line\nbreak\r\0", "ä€😀", "]]--", "\\n"])(
    "the text %j comes back",
    async (value) => {
      expect(await echo(value)).toBe(value);
    },
  );

  test("text is bytes in Lua", async () => {
    expect(await lua.call(MODULE.name, "bytes", "ä€")).toBe(5);
  });

  test.each([[[1, 2, 3]], [{ a: 1, b: { c: ["x"] } }], [true], [undefined]])("%j comes back", async (value) => {
    expect(await echo(value)).toEqual(value);
  });

  test("several results come back", async () => {
    expect(await lua.callAll(MODULE.name, "echo", 1, undefined, "x")).toEqual([1, undefined, "x"]);
  });

  test("an error names its line", async () => {
    const failed = lua.call(MODULE.name, "fail");
    await expect(failed).rejects.toThrow(LuaError);
    await expect(failed).rejects.toThrow("autoscale/test/echo.lua:4: on purpose");
  });

  test("changed arguments can be seen", async () => {
    expect(await lua.callAndShow(MODULE.name, "push", ["a"], "b")).toEqual({ result: 2, args: [["a", "b"], "b"] });
  });

  test("an object lives on between calls, and can be an argument", async () => {
    const counter = await lua.construct(MODULE.name, "counter", 5);
    expect(await counter.call("add", 2)).toBe(7);
    expect(await counter.callMethod("read")).toBe(7);
    expect(await counter.value()).toMatchObject({ count: 7 });
    expect(await lua.call(MODULE.name, "echo", counter)).toMatchObject({ count: 7 });
  });

  test("calls made at once keep their order", async () => {
    const values = Array.from({ length: 500 }, (_, index) => index);
    expect(await Promise.all(values.map(echo))).toEqual(values);
  });

  test("what the code prints does not disturb the answers", async () => {
    await lua.run('print("hello")');
    expect(await echo(1)).toBe(1);
    expect(lua.printed).toContain("hello");
  });

  test("a process that ends fails the calls that wait", async () => {
    const other = await startLuaJit([]);
    await expect(other.run("os.exit(3)")).rejects.toThrow("luajit ended");
  });
});

describe("comparable", () => {
  test.each([
    [[], {}],
    [{ a: undefined, b: null }, {}],
    [-0, 0],
    [[{ x: [] }], [{ x: {} }]],
  ])("%j equals %j", (one, other) => {
    expect(comparable(one)).toEqual(comparable(other));
  });

  test("digits round numbers, at any depth", () => {
    expect(comparable([1.0000000001], 9)).toEqual([1]);
    expect(comparable([1.0000000001])).not.toEqual([1]);
  });
});
