/** Where in the grammar the cursor stands. Read from commander's own tree, so that nothing is told twice. */
import type { Argument, Command, Option } from "commander";

export interface Position {
  /** The innermost command so far. */
  readonly command: Command;
  /** Names of the commands from the program, which is left out: `["control", "breaker"]`. */
  readonly path: readonly string[];
  /** Values of the options so far, by the name commander gives them. */
  readonly options: Readonly<Record<string, string>>;
  /** Arguments of `command` so far. */
  readonly values: readonly string[];
  /** The option whose value is being written. */
  readonly option: Option | undefined;
  /** After `--` nothing is an option. */
  readonly plain: boolean;
  /** What is being written; empty: nothing yet. */
  readonly current: string;
}

/** @param words after the program's name, up to the cursor; the last one is the one being written */
export function positionOf(program: Command, words: readonly string[]): Position {
  let command = program;
  const path: string[] = [];
  const options: Record<string, string> = {};
  const values: string[] = [];
  let option: Option | undefined;
  let plain = false;
  for (const word of words.slice(0, -1)) {
    if (option !== undefined) {
      options[option.attributeName()] = word;
      option = undefined;
    } else if (!plain && word === "--") plain = true;
    else if (!plain && word.startsWith("-")) {
      const [name, value] = splitOption(word);
      const found = optionsOf(command).find(({ long, short }) => long === name || short === name);
      if (found !== undefined && value !== undefined) options[found.attributeName()] = value;
      else if (found !== undefined && takesValue(found)) option = found;
    } else {
      const inner = values.length > 0 ? undefined : command.commands.find((one) => one.name() === word);
      if (inner === undefined) values.push(word);
      else {
        command = inner;
        path.push(word);
      }
    }
  }
  return { command, path, options, values, option, plain, current: words.at(-1) ?? "" };
}

/** `--out=dist` to name and value. */
export function splitOption(word: string): [string, string?] {
  const at = word.indexOf("=");
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

export const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Of the command and all it stands in, without hidden ones. */
export function optionsOf(command: Command): Option[] {
  const own = command.options.filter((option) => !option.hidden);
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}

/** The argument that comes next; a variadic one comes again and again. */
export function nextArgument({ command, values }: Position): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[values.length] ?? (last?.variadic === true ? last : undefined);
}
