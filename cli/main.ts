#!/usr/bin/env node
/** Exit codes: 0 done, 1 the input or the run failed, 2 wrong usage, 70 a bug of ours. The only place that exits. */
import { CommanderError } from "commander";
import { paintError } from "./commands/paint.ts";
import { AutoscaleError, formatProblem } from "./errors.ts";
import { createProgram } from "./program.ts";

const ISSUES = "https://github.com/autoscale-lua/autoscale-lua/issues";

function reportUserError(error: AutoscaleError, json: boolean): void {
  process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: false, problems: error.problems }, undefined, 2)}\n`);
    return;
  }
  for (const problem of error.problems) process.stderr.write(`${paintError.red("error")} ${formatProblem(problem)}\n`);
}

function reportBug(error: unknown): void {
  process.exitCode = 70;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${paintError.red("bug")} this is a fault of autoscale-lua, not of your files\n${trace}\n`);
  process.stderr.write(`Please report it with your gateway.yaml: ${ISSUES}\n`);
}

function fail(error: unknown, json: boolean): void {
  if (error instanceof AutoscaleError) reportUserError(error, json);
  else reportBug(error);
}

function reportUsage(error: CommanderError, json: boolean): void {
  // Help and version that were asked for come this way too. What is wrong commander has told on stderr.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
  if (!json || error.exitCode === 0) return;
  const problem = { code: "E_USAGE", message: error.message.replace(/^error: /, "") };
  process.stdout.write(`${JSON.stringify({ ok: false, problems: [problem] }, undefined, 2)}\n`);
}

// A reader that goes away (| head) is not a fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    throw error;
  });
}

const program = createProgram(fail);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) reportUsage(error, process.argv.includes("--json"));
  else fail(error, false);
}
