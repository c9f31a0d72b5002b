import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { luaModuleDirectives } from "./lua-module.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "autoscale-lua-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function modulesIn(name: string, ...files: string[]): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const file of files) writeFileSync(join(path, file), "");
  return path;
}

describe("luaModuleDirectives", () => {
  test("built in: nothing to load", () => {
    const text = "configure arguments: --prefix=/x --add-module=../ngx_lua-0.10.28 --with-stream";
    expect(luaModuleDirectives(text, [])).toBe("");
  });

  test("dynamic: the development kit comes first", () => {
    const path = modulesIn("m", "ndk_http_module.so", "ngx_http_lua_module.so");
    expect(luaModuleDirectives(`--modules-path=${path} --with-compat`, [])).toBe(
      `load_module "${path}/ndk_http_module.so"; load_module "${path}/ngx_http_lua_module.so";`,
    );
  });

  test("a module only configured as dynamic, whose file is missing, is not there", () => {
    expect(luaModuleDirectives("--add-dynamic-module=/build/http-lua --modules-path=/nowhere", [])).toBeUndefined();
  });

  test("both files must be in one folder", () => {
    const half = modulesIn("half", "ngx_http_lua_module.so");
    const whole = modulesIn("whole", "ndk_http_module.so", "ngx_http_lua_module.so");
    expect(luaModuleDirectives("", [half])).toBeUndefined();
    expect(luaModuleDirectives("", [half, whole])).toContain(whole);
  });
});
