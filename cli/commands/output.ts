/** What every command prints through: people on a terminal, machines with `--json`. */
import pc from "picocolors";
import { formatProblem, type Problem } from "../errors.ts";

export interface Output {
  /** For people; silent with --json. Goes to stdout. */
  say(text: string): void;
  /** For people; silent with --json. Goes to stderr. */
  warn(problem: Problem): void;
  /** The one JSON document of a run with --json; silent otherwise. */
  result(value: object): void;
}

/** Colors and marks only where a terminal shows them (picocolors looks at NO_COLOR, FORCE_COLOR and the terminal). */
export function consoleOutput(json: boolean): Output {
  return {
    say: (text) => {
      if (!json) process.stdout.write(`${text}\n`);
    },
    warn: (problem) => {
      if (!json) process.stderr.write(`${pc.yellow("warning")} ${formatProblem(problem)}\n`);
    },
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
  };
}
