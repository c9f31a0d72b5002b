import { execFile, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { join } from "node:path";
import { root } from "../architecture/repository.ts";

/** The command line as it is published. */
export const CLI = join(root, "lib/cli/main.js");

/** Brings lib/ up to date; quick when it is. Several at once wait for each other. */
export async function buildLib(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, "cli/bootstrap/build.mjs")]);
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty when absent. */
  readonly input?: string;
  /** For node, before the program. */
  readonly node?: readonly string[];
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a process of its own, in a group of its own. */
export function startCli(args: readonly string[], options: CliOptions): ChildProcessWithoutNullStreams {
  const { FORCE_COLOR: _color, NO_COLOR: _plain, ...inherited } = process.env;
  const env = { ...inherited, ...options.env };
  return spawn(process.execPath, [...(options.node ?? []), CLI, ...args], { cwd: options.cwd, env, detached: true });
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const child = startCli(args, options);
  child.stdin.end(options.input ?? "");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stdout, stderr };
}
