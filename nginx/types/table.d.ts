/** @noSelfInFile */

/**
 * LuaJIT's additions to `table`. Each one is there once its module was required anywhere in the worker, which
 * `import "table.new";` does. All are compiled by LuaJIT; all but `new` and `clear` need OpenResty's LuaJIT.
 */
declare namespace table {
  /** An empty table with room for `arraySize` items and `hashSize` other keys. `import "table.new"` */
  const newTable: <T extends object>(this: void, arraySize: number, hashSize: number) => T;
  export { newTable as new };
  /** Removes every key and keeps the memory. `import "table.clear"` */
  export function clear(table: object): void;
  /** A shallow copy. `import "table.clone"` */
  export function clone<T extends object>(table: T): T;
  /** How many keys there are, the array part included. `import "table.nkeys"` */
  export function nkeys(table: object): number;
  /** No key at all. `import "table.isempty"` */
  export function isempty(table: object): boolean;
  /** Keys are positive whole numbers only; true for an empty table. `import "table.isarray"` */
  export function isarray(table: object): boolean;
}

/** @noResolution */
declare module "table.new" {}
/** @noResolution */
declare module "table.clear" {}
/** @noResolution */
declare module "table.clone" {}
/** @noResolution */
declare module "table.nkeys" {}
/** @noResolution */
declare module "table.isempty" {}
/** @noResolution */
declare module "table.isarray" {}
