/** @noSelfInFile */

/**
 * TypeScriptToLua translates a method as built in only if it can see that it belongs to TypeScript's own library. A type without a
 * value, whose parent is called `Array`, passes for such; hence the `& Array.Builtin` below. Without it
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
  push: { m(item: T): number }["m"] & Array.Builtin;
  /** Removes the last item; undefined when there is none. */
  pop: { m(): T | undefined }["m"] & Array.Builtin;
  /** Removes the first item and moves all others; undefined when there is none. */
  shift: { m(): T | undefined }["m"] & Array.Builtin;
  /** `table.concat`. Strings only: Lua writes 15 digits and more of a number as 1.23e+14. */
  join: { m(this: readonly string[], separator?: string): string }["m"] & Array.Builtin;
  /** -1 when absent. A library call. */
  indexOf: { m(item: T, from?: number): number }["m"] & Array.Builtin;
  /** A library call. */
  includes: { m(item: T, from?: number): boolean }["m"] & Array.Builtin;
  /** A copy of a part. A library call. */
  slice: { m(start?: number, end?: number): T[] }["m"] & Array.Builtin;
}

interface ReadonlyArray<T> extends Iterable<T> {
  readonly [index: number]: T;
  /** `#list` */
  readonly length: number;
  /** `table.concat`. Strings only: Lua writes 15 digits and more of a number as 1.23e+14. */
  join: { m(this: readonly string[], separator?: string): string }["m"] & Array.Builtin;
  /** -1 when absent. A library call. */
  indexOf: { m(item: T, from?: number): number }["m"] & Array.Builtin;
  /** A library call. */
  includes: { m(item: T, from?: number): boolean }["m"] & Array.Builtin;
  /** A copy of a part. A library call. */
  slice: { m(start?: number, end?: number): T[] }["m"] & Array.Builtin;
}
