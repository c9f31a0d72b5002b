/** A command on a real pseudo terminal, made by `script` of util-linux. */
import { spawn, spawnSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";

export const hasPty = String(spawnSync("script", ["--version"]).stdout).includes("util-linux");

export interface Pty {
  /** Everything that was written so far. */
  output(): string;
  type(keys: string): void;
  /** Waits until `pattern` is in what came since the last call; gives that. */
  until(pattern: RegExp): Promise<string>;
  /** Settles when the command has ended. */
  readonly exitCode: Promise<number | null>;
  /** Of `script`: without it the terminal is gone. */
  hangUp(): void;
}

export interface PtyOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** @param command for a shell; ended with the test if it runs on */
export function startPty(command: string, { cwd, columns = 120, rows = 40, env = {} }: PtyOptions): Pty {
  const { NO_COLOR: _plain, FORCE_COLOR: _color, ...inherited } = process.env;
  const sized = `stty cols ${String(columns)} rows ${String(rows)}; ${command}`;
  const child = spawn("script", ["-qfec", sized, "/dev/null"], {
    cwd,
    env: { ...inherited, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
  });
  let output = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const exitCode = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return {
    output: () => output,
    type: (keys) => child.stdin.write(keys),
    until: (pattern) =>
      eventually(`${String(pattern)} in ${JSON.stringify(output.slice(seen, seen + 200))}`, () => {
        const fresh = output.slice(seen);
        if (!pattern.test(fresh)) return undefined;
        seen = output.length;
        return fresh;
      }),
    exitCode,
    hangUp: () => {
      child.kill("SIGKILL");
    },
  };
}
