/** @noSelfInFile */

/** See `Array.Builtin`. */
declare namespace String {
  interface Builtin {}
}

/**
 * Lua's strings are bytes: lengths and positions are those of UTF-8, and equal JavaScript's for ASCII only.
 * The primitive `string` alone; there are no String objects.
 */
interface String {
  /** `#text` */
  readonly length: number;
  /** "" past the end. A library call unless the index is a literal. */
  charAt: String.Builtin & { m(index: number): string }["m"];
  /** `string.byte`, NaN past the end. A library call unless the index is a literal. */
  charCodeAt: String.Builtin & { m(index: number): number }["m"];
  /** `string.find` without patterns; -1 when absent. */
  indexOf: String.Builtin & { m(needle: string, from?: number): number }["m"];
  /** A library call; `indexOf(needle) !== -1` is not. */
  includes: String.Builtin & { m(needle: string, from?: number): boolean }["m"];
  /** A library call. */
  startsWith: String.Builtin & { m(needle: string, from?: number): boolean }["m"];
  /** A library call. */
  endsWith: String.Builtin & { m(needle: string, end?: number): boolean }["m"];
  /** A library call; `slice` with literals is not. */
  substring: String.Builtin & { m(start: number, end?: number): string }["m"];
  /** `string.sub` when the positions are literals, else a library call. */
  slice: String.Builtin & { m(start?: number, end?: number): string }["m"];
  /** ASCII letters only. */
  toLowerCase: String.Builtin & { m(): string }["m"];
  /** ASCII letters only. */
  toUpperCase: String.Builtin & { m(): string }["m"];
  /** `string.rep`; a negative count gives "" instead of an error. */
  repeat: String.Builtin & { m(count: number): string }["m"];
  /** ASCII white space only. A library call. */
  trim: String.Builtin & { m(): string }["m"];
  /** A library call. */
  split: String.Builtin & { m(separator: string, limit?: number): string[] }["m"];
}

interface StringConstructor {
  /** `tostring`. Of numbers it writes 14 digits: 123456789012345 becomes 1.2345678901234e+14. */
  (value: string | number | boolean): string;
  /** Bytes, 0 to 255. */
  fromCharCode(...bytes: number[]): string;
}
declare const String: StringConstructor;
