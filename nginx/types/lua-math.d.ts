/** @noSelfInFile */

/**
 * TypeScriptToLua takes this for TypeScript's own `Math` since the interface has no value of its name beside it in this file
 * (see `Array.Builtin`); that is why this file is a module.
 *
 * Left out: `round`, `log2`, `log10`, `hypot`, `cbrt`, `fround`, … have no exact counterpart in Lua, and `imul`, `clz32` none at all.
 * With NaN among its arguments `min` and `max` give what the order makes of it: test first.
 */
interface Math {
  readonly PI: number;
  readonly E: number;
  readonly LN2: number;
  readonly LN10: number;
  readonly SQRT2: number;
  floor(x: number): number;
  ceil(x: number): number;
  abs(x: number): number;
  min(first: number, ...others: number[]): number;
  max(first: number, ...others: number[]): number;
  sqrt(x: number): number;
  exp(x: number): number;
  /** Natural logarithm. */
  log(x: number): number;
  /** `base ^ exponent` */
  pow(base: number, exponent: number): number;
  sin(x: number): number;
  cos(x: number): number;
  tan(x: number): number;
  asin(x: number): number;
  acos(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  /** A library call. */
  trunc(x: number): number;
  /** A library call. */
  sign(x: number): number;
  /** In [0, 1). The same in every worker unless `math.randomseed` was called. */
  random(): number;
}

declare global {
  const Math: Math;
}

export {};
