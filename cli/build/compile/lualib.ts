import ts from "typescript";
import { LuaTarget } from "typescript-to-lua/dist/CompilerOptions.js";
import { buildMinimalLualibBundle, findUsedLualibFeatures } from "typescript-to-lua/dist/LuaLib.js";
import { LUALIB, modulePath, type LuaModule } from "./lua-module.ts";

/** A map of nothing: the library is not ours. */
const EMPTY_MAP = '{"version":3,"sources":[],"names":[],"mappings":""}';

/** TypeScriptToLua's library with just the features these modules use; `undefined` when they use none. */
export function lualibFor(modules: readonly LuaModule[]): LuaModule | undefined {
  const users = modules.filter((module) => module.requires.includes(LUALIB));
  if (users.length === 0) return undefined;
  const code = users.map((module) => module.lua);
  const used = findUsedLualibFeatures(LuaTarget.LuaJIT, ts.sys, code);
  const lua = buildMinimalLualibBundle([...used].sort(), LuaTarget.LuaJIT, ts.sys);
  return { name: LUALIB, path: modulePath(LUALIB), lua, map: EMPTY_MAP, source: "", requires: [] };
}
