/** @noSelfInFile */

/**
 * TypeScriptToLua translates a method as built in only if it can see that it belongs to TypeScript's own library. A type without a
 * value, whose parent is called `Array`, passes for such; hence the `Array.Builtin &` below, which must come first. Without it
 * `list.push(x)` would become `list:push(x)`, an error at run time. `{ m(…): … }["m"]` keeps the parameters bivariant, as methods have them.
 */
declare namespace Array {
  interface Builtin {}
}

/** A Lua sequence. Indices are shifted by one; a hole (`undefined` inside) ends it. */
interface Array<T> extends Iterable<T> {
  [index: number]: T;
  /** `#list`. Assigning it is left out: use `pop` or a new array. */
  readonly length: number;
  /** `list[#list + 1] = item`. One item a call: with more TypeScriptToLua calls its library. Gives the new length. */
  push: Array.Builtin & { m(item: T): number }["m"];
  /** Removes the last item; undefined when there is none. */
  pop: Array.Builtin & { m(): T | undefined }["m"];
  /** Removes the first item and moves all others; undefined when there is none. */
  shift: Array.Builtin & { m(): T | undefined }["m"];
  /** `table.concat`. Strings only: Lua writes 15 digits and more of a number as 1.23e+14. */
  join: Array.Builtin & { m(this: readonly string[], separator?: string): string }["m"];
  /** -1 when absent. A library call. */
  indexOf: Array.Builtin & { m(item: T, from?: number): number }["m"];
  /** A library call. */
  includes: Array.Builtin & { m(item: T, from?: number): boolean }["m"];
  /** A copy of a part. A library call. */
  slice: Array.Builtin & { m(start?: number, end?: number): T[] }["m"];
}

interface ReadonlyArray<T> extends Iterable<T> {
  readonly [index: number]: T;
  /** `#list` */
  readonly length: number;
  /** `table.concat`. Strings only: Lua writes 15 digits and more of a number as 1.23e+14. */
  join: Array.Builtin & { m(this: readonly string[], separator?: string): string }["m"];
  /** -1 when absent. A library call. */
  indexOf: Array.Builtin & { m(item: T, from?: number): number }["m"];
  /** A library call. */
  includes: Array.Builtin & { m(item: T, from?: number): boolean }["m"];
  /** A copy of a part. A library call. */
  slice: Array.Builtin & { m(start?: number, end?: number): T[] }["m"];
}
