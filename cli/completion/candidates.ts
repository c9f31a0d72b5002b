/** What may stand where the cursor is. */
import type { Command, Option } from "commander";
import { nextArgument, optionsOf, positionOf, splitOption, takesValue, type Position } from "./position.ts";

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** What the shell adds by itself. */
  readonly paths: "files" | "folders" | "none";
}

/**
 * Names that the grammar does not know: those of a running gateway, those on the disk.
 * @param place the commands and then the argument or option, such as `control breaker <id>` and `build --target`
 */
export type FindNames = (place: string, position: Position) => Promise<readonly string[]>;

/** @param words after the program's name, up to the cursor; the last one is the one being written */
export async function complete(program: Command, words: readonly string[], names: FindNames): Promise<Completion> {
  const position = positionOf(program, words);
  const { current, option, plain } = position;
  if (option !== undefined) return valuesOf(option, current, "", position, names);
  if (plain || !current.startsWith("-")) return argumentsAt(position, names);
  const [name, written] = splitOption(current);
  const named = optionsOf(position.command).find(({ long }) => long === name);
  if (written !== undefined && named !== undefined) return valuesOf(named, written, `${name}=`, position, names);
  return { candidates: starting(current, optionNames(position)), paths: "none" };
}

function starting(prefix: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(prefix));
}

function optionNames({ command, options }: Position): Candidate[] {
  const unused = optionsOf(command).filter((option) => !(option.attributeName() in options));
  const named = unused.flatMap(({ long, description }) => (long === undefined ? [] : [{ value: long, description }]));
  return [...named, { value: "--help", description: "display help for command" }];
}

/** Values of an option; several stand with commas between. */
async function valuesOf(
  option: Option,
  written: string,
  before: string,
  position: Position,
  names: FindNames,
): Promise<Completion> {
  const place = [...position.path, option.long ?? ""].join(" ");
  const known = option.argChoices ?? (await names(place, position));
  const earlier = written.slice(0, written.lastIndexOf(",") + 1);
  const candidates = known.map((value) => ({ value: `${before}${earlier}${value}`, description: "" }));
  const paths = takesValue(option) ? pathsOf(placeholder(option.flags)) : "none";
  return { candidates: starting(`${before}${written}`, candidates), paths };
}

async function argumentsAt(position: Position, names: FindNames): Promise<Completion> {
  const { command, values, path, current } = position;
  // `visibleCommands` leaves out hidden ones, and adds the `help` that commander makes.
  const commands = values.length > 0 ? [] : command.createHelp().visibleCommands(command);
  const inner = commands.map((one) => ({ value: one.name(), description: one.description() }));
  const argument = nextArgument(position);
  if (argument === undefined) return { candidates: starting(current, inner), paths: "none" };
  const known = argument.argChoices ?? (await names([...path, `<${argument.name()}>`].join(" "), position));
  const own = known.map((value) => ({ value, description: argument.description }));
  return { candidates: starting(current, [...inner, ...own]), paths: pathsOf(argument.name()) };
}

/** `dir` of `--out <dir>`. */
function placeholder(flags: string): string {
  return /[<[]([\w-]+)/.exec(flags)?.[1] ?? "";
}

function pathsOf(name: string): Completion["paths"] {
  if (/^(file|path|log)$/.test(name)) return "files";
  return /^dirs?$/.test(name) ? "folders" : "none";
}
