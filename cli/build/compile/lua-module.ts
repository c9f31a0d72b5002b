/** One Lua file of the product: what precompile stores, what a bundle holds. */
export interface LuaModule {
  /** As required, e.g. `autoscale.core.gcra`. */
  readonly name: string;
  /** Below the bundle's `lua/`, e.g. `autoscale/core/gcra.lua`. */
  readonly path: string;
  readonly lua: string;
  /** The source map as JSON; without a source of ours (the library) it maps nothing. */
  readonly map: string;
  /** The TypeScript it came from: relative to the product or, for a custom plugin, to the folder above its folder. */
  readonly source: string;
  /** Names of the product's modules it requires, sorted. */
  readonly requires: readonly string[];
}

/** Every module name of ours begins so; two products on one gateway cannot collide. */
export const NAMESPACE = "autoscale";

/** TypeScriptToLua's run-time library. */
export const LUALIB = `${NAMESPACE}.lualib`;

/** `autoscale.core.gcra` to `autoscale/core/gcra.lua`. */
export function modulePath(name: string): string {
  return `${name.replaceAll(".", "/")}.lua`;
}

/**
 * The Lua module of a source of the product, given by its path below the repository with `/` between.
 * `undefined` for a file that is not part of the Lua program.
 */
export function stockModuleName(source: string): string | undefined {
  const parts = source.replace(/\.ts$/, "").split("/");
  const room = roomOf(parts);
  if (room === undefined) return undefined;
  return [NAMESPACE, ...room].join(".");
}

function roomOf(parts: readonly string[]): readonly string[] | undefined {
  const [top, folder, inner] = parts;
  if (top === undefined || folder === undefined || inner === undefined) return undefined;
  if (top === "plugins") return folder.startsWith("_") ? [folder.slice(1), ...parts.slice(2)] : parts;
  if (top === "nginx" && folder === "runtime") return parts.slice(1);
  if (top === "templates" && inner === "runtime") return [folder.replace(/^_/, ""), ...parts.slice(3)];
  return undefined;
}
