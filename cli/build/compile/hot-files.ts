import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Problem } from "../../errors.ts";
import { LUALIB, type LuaModule } from "./lua-module.ts";

/** The lines on top that fetch a function of the library; its calls stand below. */
const FETCH = /^local __TS__\w+ = ____lualib\./;

/**
 * Finds what calls TypeScriptToLua's library in modules whose code runs at request time. Such calls allocate or stop
 * LuaJIT's traces (10 to 60 times slower, docs/architecture.md).
 * @returns one problem for each line with a call, at the line of TypeScript
 */
export function findLibraryCalls(modules: readonly LuaModule[]): Problem[] {
  return modules.filter((module) => module.name !== LUALIB).flatMap(callsIn);
}

function callsIn(module: LuaModule): Problem[] {
  if (!module.lua.includes("__TS__")) return [];
  const map = new TraceMap(module.map);
  return module.lua.split("\n").flatMap((text, index) => {
    const calls = FETCH.test(text) ? null : text.match(/__TS__\w+/g);
    return calls === null ? [] : [problem(module, map, index + 1, calls)];
  });
}

function problem(module: LuaModule, map: TraceMap, luaLine: number, calls: readonly string[]): Problem {
  const { line, column } = originalPositionFor(map, { line: luaLine, column: 0, bias: LEAST_UPPER_BOUND });
  return {
    code: "E_PLUGIN_LUA",
    file: module.source,
    ...(line === null ? {} : { line, column: column + 1 }),
    message: `found ${[...new Set(calls)].join(", ")} in the emitted Lua, allowed: no library call in code that runs at request time`,
    remedy:
      "Use loops, if-chains and Lua's own string, table and math instead of spread, classes and JavaScript's methods.",
  };
}
