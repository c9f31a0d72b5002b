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
  charAt: { m(index: number): string }["m"] & String.Builtin;
  /** `string.byte`, NaN past the end. A library call unless the index is a literal. */
  charCodeAt: { m(index: number): number }["m"] & String.Builtin;
  /** `string.find` without patterns; -1 when absent. */
  indexOf: { m(needle: string, from?: number): number }["m"] & String.Builtin;
  /** A library call; `indexOf(needle) !== -1` is not. */
  includes: { m(needle: string, from?: number): boolean }["m"] & String.Builtin;
  /** A library call. */
  startsWith: { m(needle: string, from?: number): boolean }["m"] & String.Builtin;
  /** A library call. */
  endsWith: { m(needle: string, end?: number): boolean }["m"] & String.Builtin;
  /** A library call; `slice` with literals is not. */
  substring: { m(start: number, end?: number): string }["m"] & String.Builtin;
  /** `string.sub` when the positions are literals, else a library call. */
  slice: { m(start?: number, end?: number): string }["m"] & String.Builtin;
  /** ASCII letters only. */
  toLowerCase: { m(): string }["m"] & String.Builtin;
  /** ASCII letters only. */
  toUpperCase: { m(): string }["m"] & String.Builtin;
  /** `string.rep`; a negative count gives "" instead of an error. */
  repeat: { m(count: number): string }["m"] & String.Builtin;
  /** ASCII white space only. A library call. */
  trim: { m(): string }["m"] & String.Builtin;
  /** A library call. */
  split: { m(separator: string, limit?: number): string[] }["m"] & String.Builtin;
}

interface StringConstructor {
  /** `tostring`. Of numbers it writes 14 digits: 123456789012345 becomes 1.2345678901234e+14. */
  (value: string | number | boolean): string;
  /** Bytes, 0 to 255. */
  fromCharCode(...bytes: number[]): string;
}
declare const String: StringConstructor;
