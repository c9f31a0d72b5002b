/** Errors a user can mend. Anything else that is thrown is a bug of ours (exit code 70). */

/** One thing wrong, and how to mend it. */
export interface Problem {
  /** `E_` and upper case words, stable across releases. */
  readonly code: string;
  /** As shown to people: relative to the working directory where that is shorter. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** Where in the file, e.g. `routes[0].plugins.circuit-breaker.failure_rate`. */
  readonly path?: string;
  /** One line: what was found and what is allowed. */
  readonly message: string;
  /** One line: what to do. */
  readonly remedy?: string;
}

/** `gateway.yaml:12:7 E_CONFIG_RANGE routes[0].timeouts.connect: found 0, allowed: above 0. Remedy.` */
export function formatProblem(problem: Problem): string {
  let where = "";
  if (problem.file !== undefined) {
    where = problem.file;
    if (problem.line !== undefined) where += `:${problem.line}:${problem.column ?? 1}`;
    where += " ";
  }
  const path = problem.path !== undefined && problem.path !== "" ? `${problem.path}: ` : "";
  const remedy = problem.remedy === undefined ? "" : `\n  ${problem.remedy}`;
  return `${where}${problem.code} ${path}${problem.message}${remedy}`;
}

/** The input or the run failed: exit code 1. Carries every problem found, not only the first. */
export class AutoscaleError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | Problem) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(formatProblem).join("\n"));
    this.name = "AutoscaleError";
    this.problems = list;
  }
}
