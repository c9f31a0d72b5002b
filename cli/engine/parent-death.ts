import { findExecutable } from "./executable.ts";
import { runCommand } from "./run-command.ts";
import type { Command } from "./types.ts";

/**
 * The same command, ended by the kernel (SIGTERM) when this process dies in a way it cannot catch. Uses util-linux's
 * `setpriv --pdeathsig`, which replaces itself by the program, so the process id is the program's. Where that is
 * missing the command is returned as it is.
 */
export async function endWithParent(command: Command, env: NodeJS.ProcessEnv): Promise<Command> {
  const file = process.platform === "linux" ? findExecutable("setpriv", env, ["/usr/bin"]) : undefined;
  if (file === undefined) return command;
  const wrap = (inner: Command) => ({ file, args: ["--pdeathsig", "TERM", "--", inner.file, ...inner.args] });
  const probe = await runCommand(wrap({ file: process.execPath, args: ["--version"] }), { env, timeoutSeconds: 5 });
  return probe.ok ? wrap(command) : command;
}
