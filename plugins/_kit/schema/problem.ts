import type { Path } from "./path.ts";

export type SchemaCode =
  | "E_CONFIG_TYPE"
  | "E_CONFIG_RANGE"
  | "E_CONFIG_PATTERN"
  | "E_CONFIG_ENUM"
  | "E_CONFIG_UNKNOWN_KEY"
  | "E_CONFIG_REQUIRED"
  | "E_CONFIG_LENGTH"
  | "E_CONFIG_DUPLICATE"
  | "E_CONFIG_CHECK";

/** One thing wrong with a value. */
export interface SchemaProblem {
  readonly code: SchemaCode;
  /** From the root of the value. */
  readonly path: Path;
  /** What was found; for `E_CONFIG_CHECK` the kind of value only. Never a secret. */
  readonly found: string;
  /** What is allowed; for `E_CONFIG_CHECK` the sentence of the check. */
  readonly allowed: string;
  /** The valid name or value that was most likely meant. */
  readonly nearest?: string;
  /** One line saying what to do. */
  readonly hint?: string;
  /** The key is wrong and not the value: point at the key. */
  readonly atKey?: boolean;
}

/** Use of something deprecated: works, and a later release may drop it. */
export interface SchemaWarning {
  readonly code: "W_CONFIG_DEPRECATED";
  readonly path: Path;
  /** What to use instead. */
  readonly instead: string;
}

/** One line for people, without the place: `found 0, allowed: a number above 0`. */
export function problemMessage(problem: SchemaProblem): string {
  if (problem.code === "E_CONFIG_CHECK") return problem.allowed;
  return `found ${problem.found}, allowed: ${problem.allowed}`;
}

/** One line saying what to do, or undefined when the message says all. */
export function problemRemedy(problem: SchemaProblem): string | undefined {
  return problem.nearest === undefined ? problem.hint : `Did you mean ${problem.nearest}?`;
}
