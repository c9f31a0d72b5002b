import { spawn } from "node:child_process";

/**
 * Runs a program to its end, with its output shown as it comes (`show: true`) or collected.
 *
 * The child has a process group of its own, so that a time-out and our own end reach its children too.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeoutSeconds?: number, input?: "inherit" }} [options]
 * @returns {Promise<{ ok: boolean, code: number, output: string }>} never rejects; code 127: it could not be run, 124: it took too long
 */
export function run(file, args, options = {}) {
  return new Promise((resolve) => {
    let output = "";
    let code = 127;
    const shown = options.show ? "inherit" : "pipe";
    const stdio = [options.input ?? "ignore", shown, shown];
    const detached = options.input !== "inherit";
    const child = spawn(file, args, { cwd: options.cwd, env: options.env ?? process.env, stdio, detached });
    const end = () => signalTree(child, "SIGKILL", detached);
    const release = onProcessEnd(child, detached);
    const timer = setTimeout(
      () => {
        code = 124;
        end();
      },
      (options.timeoutSeconds ?? 600) * 1000,
    );

    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", (error) => (output += error.message));
    child.once("exit", (exitCode) => {
      if (code !== 124) code = exitCode ?? 1;
    });
    child.once("close", () => {
      clearTimeout(timer);
      release();
      resolve({ ok: code === 0, code, output });
    });
  });
}

/** Whatever ends this process ends the child's tree first. Returns what undoes it. */
function onProcessEnd(child, detached) {
  const onExit = () => signalTree(child, "SIGKILL", detached);
  const onSignal = (signal) => {
    signalTree(child, signal, detached);
    child.once("close", () => {
      release();
      process.kill(process.pid, signal);
    });
  };
  const release = () => {
    process.off("exit", onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, onSignal);
  };
  process.on("exit", onExit);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
  return release;
}

function signalTree(child, signal, detached) {
  if (child.pid === undefined) return;
  try {
    process.kill(detached ? -child.pid : child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
