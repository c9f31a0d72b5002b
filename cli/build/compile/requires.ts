import { findLuaRequires } from "typescript-to-lua/dist/transpilation/find-lua-requires.js";
import { LUALIB, NAMESPACE } from "./lua-module.ts";

/** TypeScriptToLua leaves a require alone that begins so, and takes the prefix away. */
const UNRESOLVED = "@NoResolution:";

/** TypeScriptToLua's fixed name of its library. */
const UPSTREAM_LUALIB = "lualib_bundle";

/**
 * Puts every require under our namespace. Lines stay where they are, so the source map stays right.
 * @param resolve the module name of an import specifier; `undefined` leaves the require to the gateway's Lua path
 */
export function renameRequires(lua: string, resolve: (specifier: string) => string | undefined): string {
  let renamed = lua;
  for (const { from, to, requirePath } of findLuaRequires(lua).reverse()) {
    if (requirePath.startsWith(UNRESOLVED)) continue;
    const name = requirePath === UPSTREAM_LUALIB ? LUALIB : (resolve(requirePath) ?? requirePath);
    renamed = `${renamed.slice(0, from)}require("${UNRESOLVED}${name}")${renamed.slice(to + 1)}`;
  }
  return renamed;
}

/** The product's modules that this Lua requires, sorted. */
export function requiredModules(lua: string): string[] {
  const names = findLuaRequires(lua).map((found) => found.requirePath);
  return [...new Set(names.filter((name) => name.startsWith(`${NAMESPACE}.`)))].sort();
}
