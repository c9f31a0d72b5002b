/** What every command prints through: people on a terminal, machines with `--json`. */
import { paintError } from "./paint.ts";
import { formatProblem, type Problem } from "../errors.ts";

export interface Output {
  /** For people; silent with --json. Goes to stdout. */
  say(text: string): void;
  /** For people; silent with --json. Goes to stderr. */
  warn(problem: Problem): void;
  /** The one JSON document of a run with --json; silent otherwise. */
  result(value: object): void;
}

/** Colors only where a terminal shows them: see paint.ts. */
export function consoleOutput(json: boolean): Output {
  return {
    say: (text) => {
      if (!json) process.stdout.write(`${text}\n`);
    },
    warn: (problem) => {
      if (!json) process.stderr.write(`${paintError.yellow("warning")} ${formatProblem(problem)}\n`);
    },
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
  };
}
