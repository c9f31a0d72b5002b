/** @noSelfInFile */

/** Numbers are doubles, as in JavaScript. Left out: `toFixed` and `toString` write other digits (use `string.format`). */
interface Number {}

interface NumberConstructor {
  /** NaN when it is no number. A library call. */
  (value: string | number | boolean): number;
  isNaN(value: number): boolean;
  isFinite(value: number): boolean;
  isInteger(value: number): boolean;
  /** 2^53 - 1 */
  readonly MAX_SAFE_INTEGER: number;
  readonly MIN_SAFE_INTEGER: number;
  readonly EPSILON: number;
  readonly POSITIVE_INFINITY: number;
  readonly NEGATIVE_INFINITY: number;
  readonly NaN: number;
}
declare const Number: NumberConstructor;
declare const NaN: number;
declare const Infinity: number;
