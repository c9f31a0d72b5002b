import type { Problem } from "../../errors.ts";
import { LUALIB, type LuaModule } from "./lua-module.ts";

const LIBRARY_CALL = /__TS__\w+/;

/**
 * Finds what runs TypeScriptToLua's library in a module whose code runs at request time. Such calls allocate or stop
 * LuaJIT's traces (10 to 60 times slower, docs/architecture.md).
 */
export function findLibraryCalls(modules: readonly LuaModule[]): Problem[] {
  return modules.flatMap((module) => {
    const calls = new Set(module.lua.match(new RegExp(LIBRARY_CALL, "g")));
    if (calls.size === 0 || module.name === LUALIB) return [];
    return [
      {
        code: "E_PLUGIN_LUA",
        file: module.source,
        message: `found ${[...calls].sort().join(", ")} in the emitted Lua, allowed: no library call in code that runs at request time`,
        remedy:
          "Use loops, if-chains and the functions of plugins/_core instead of spread, classes, Map and array methods.",
      },
    ];
  });
}
