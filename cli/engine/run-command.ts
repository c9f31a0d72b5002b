import { execFile } from "node:child_process";
import type { Command } from "./types.ts";

export interface CommandResult {
  /** Exit code 0. */
  readonly ok: boolean;
  /** Standard output and error, in that order. When the program could not run: why. */
  readonly output: string;
}

/** Runs a program to its end. Never throws; after `timeoutSeconds` the program is killed and the result is not ok. */
export function runCommand(
  command: Command,
  options: { readonly env?: NodeJS.ProcessEnv; readonly timeoutSeconds?: number } = {},
): Promise<CommandResult> {
  const timeoutSeconds = options.timeoutSeconds ?? 30;
  return new Promise((resolve) => {
    execFile(
      command.file,
      [...command.args],
      {
        env: options.env ?? process.env,
        timeout: timeoutSeconds * 1000,
        killSignal: "SIGKILL",
        maxBuffer: 16 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const output = stdout + stderr;
        if (error === null) resolve({ ok: true, output });
        else if (error.killed === true)
          resolve({ ok: false, output: `${output}no answer in ${timeoutSeconds} seconds` });
        else resolve({ ok: false, output: output === "" ? error.message : output });
      },
    );
  });
}
