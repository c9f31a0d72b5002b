import { describe, expect, test } from "vitest";
import { compileSnippets } from "./testing/compile-snippets.ts";

const { snippets: compiled, elsewhere } = compileSnippets({
  tables: `ngx.log(ngx.ERR, ngx.now(), ngx.req.get_method());
    ngx.timer.every(1, (premature, name: string) => ngx.log(ngx.INFO, premature, name), "x");
    export {};`,
  objects: `const dict = ngx.shared["zone"];
    if (dict !== undefined) dict.delete("key");
    const [socket] = ngx.socket.tcp();
    if (socket !== undefined) socket.settimeouts(1, 2, 3);
    export {};`,
  results: `const [count, err] = (ngx.shared["zone"] as NgxSharedDict).incr("key", 1, 0, 60);
    if (count === undefined) ngx.log(ngx.ERR, err);
    export {};`,
  narrowing: `const [pids, err] = ngx.worker.pids();
    export const first: number | undefined = pids === undefined ? undefined : pids[0];
    export const message: string = pids === undefined ? err : "";`,
  request: `ngx.header["X-Id"] = ngx.var.request_id;
    ngx.header.content_length = 5;
    ngx.arg[1] = undefined;
    ngx.ctx["started"] = ngx.var[1];
    export {};`,
  modules: `import * as balancer from "ngx.balancer";
    import * as cjson from "cjson.safe";
    import * as semaphore from "ngx.semaphore";
    import { new as newCache } from "resty.lrucache";
    const [ok, err] = balancer.set_current_peer("127.0.0.1", 80);
    const [json] = cjson.encode([ok, err, cjson.null]);
    const [gate] = semaphore.new(1);
    if (gate !== undefined) gate.wait(0.5);
    const [cache] = newCache<string>(10);
    if (cache !== undefined) cache.set("json", json ?? "");`,
  additions: `import "table.new";
    const list = table.new<string[]>(4, 0);
    export { list };`,
  arrays: `export function arrays(list: string[], other: readonly string[], at: number): void {
      list.push(list[at] as string);
      const last = list.pop();
      const first = list.shift();
      const text = other.join("-");
      for (const item of other) ngx.say(item, list.length, last, first, text);
    }`,
  strings: `export function strings(text: string): void {
      ngx.say(text.length, text.indexOf("a"), text.toLowerCase(), text.slice(1), text.charCodeAt(0), String(5));
    }`,
  numbers: `export function numbers(x: number): void {
      ngx.say(Math.floor(x), Math.max(x, 1), Math.pow(x, 2), Math.PI, Number.MAX_SAFE_INTEGER, x === Infinity);
    }`,
});

test("the declarations have no errors of their own, lua-types and the language extensions included", () => {
  expect(elsewhere).toEqual([]);
});

describe("what Lua comes out", () => {
  test.each(["tables", "objects", "results", "request", "modules", "additions"] as const)("%s", (name) => {
    expect(compiled[name].findings).toEqual([]);
  });

  test("API tables are called with a dot, callbacks take no self", () => {
    expect(compiled.tables.lua).toContain("ngx.log(\n    ngx.ERR,\n    ngx.now(),\n    ngx.req.get_method()\n)");
    expect(compiled.tables.lua).toContain("function(premature, name) return ngx.log(ngx.INFO, premature, name) end");
  });

  test("dicts and sockets are called with a colon", () => {
    expect(compiled.objects.lua).toContain('dict:delete("key")');
    expect(compiled.objects.lua).toContain("local socket = ngx.socket.tcp()");
    expect(compiled.objects.lua).toContain("socket:settimeouts(1, 2, 3)");
  });

  test("several results are taken without a table, and the first one narrows the second", () => {
    expect(compiled.results.lua).toContain('local count, err = ngx.shared.zone:incr("key", 1, 0, 60)');
    expect(compiled.narrowing.findings).toEqual([]);
  });

  test("indices into nginx's tables are not shifted", () => {
    expect(compiled.request.lua.split("\n")).toEqual([
      'ngx.header["X-Id"] = ngx.var.request_id',
      "ngx.header.content_length = 5",
      "ngx.arg[1] = nil",
      "ngx.ctx.started = ngx.var[1]",
    ]);
  });

  test("modules are required by their names", () => {
    const { lua } = compiled.modules;
    expect(lua).toContain('local balancer = require("ngx.balancer")');
    expect(lua).toContain('local ok, err = balancer.set_current_peer("127.0.0.1", 80)');
    expect(lua).toContain('require("cjson.safe")');
    expect(lua).toContain("local gate = semaphore.new(1)");
    expect(lua).toContain("gate:wait(0.5)");
    expect(lua).toContain("local newCache = ____resty_2Elrucache.new");
    expect(compiled.additions.lua).toContain('require("table.new")');
    expect(compiled.additions.lua).toContain("table.new(4, 0)");
  });
});

describe("our standard library becomes plain Lua", () => {
  test("arrays", () => {
    const { lua, findings } = compiled.arrays;
    expect(findings).toEqual([]);
    expect(lua).toContain("list[#list + 1] = list[at + 1]");
    expect(lua).toContain("local last = table.remove(list)");
    expect(lua).toContain("local first = table.remove(list, 1)");
    expect(lua).toContain('local text = table.concat(other, "-")');
    expect(lua).toContain("for ____, item in ipairs(other) do");
    expect(lua).not.toContain("__TS__");
  });

  test("strings", () => {
    const { lua, findings } = compiled.strings;
    expect(findings).toEqual([]);
    for (const part of ["#text", 'string.find(text, "a", nil, true) or 0) - 1', "string.lower(text)", "tostring(5)"])
      expect(lua).toContain(part);
    expect(lua).toContain("string.sub(text, 2)");
    expect(lua).not.toContain("__TS__");
  });

  test("numbers", () => {
    const { lua, findings } = compiled.numbers;
    expect(findings).toEqual([]);
    for (const part of ["math.floor(x)", "math.max(x, 1)", "x ^ 2", "math.pi", "2 ^ 53 - 1", "x == math.huge"])
      expect(lua).toContain(part);
    expect(lua).not.toContain("__TS__");
  });
});
