import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { inRoot, root } from "./places.mjs";

/** npm repeats a Ctrl-C that the terminal has already sent to all: the second one must not count as impatience. */
const SAME_SIGNAL_MS = 1000;
const PARENT_CHECK_MS = 500;

/**
 * Runs the command line until it ends or this process is told to stop. SIGINT, SIGTERM and SIGHUP are passed on; so is
 * the death of npm, when npm started us; and when we die otherwise, the kernel ends the child.
 *
 * @param {{ args: readonly string[], env: NodeJS.ProcessEnv, port: number, onReady: () => void }} options `port`: what to wait for
 * @returns {Promise<number>} the exit code
 */
export async function serve({ args, env, port, onReady }) {
  const { endWithParent } = await import(pathToFileURL(inRoot("lib/cli/engine/parent-death.js")).href);
  const cli = { file: process.execPath, args: [inRoot("lib/cli/main.js"), ...args] };
  const command = await endWithParent(cli, process.env);
  const child = spawn(command.file, command.args, {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exited = new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code) => resolve(code ?? 1));
  });

  let ended = false;
  let lastSignal = -Infinity;
  const pass = (signal) => {
    if (performance.now() - lastSignal < SAME_SIGNAL_MS) return;
    lastSignal = performance.now();
    child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, pass);
  const before = parents();
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && parents() !== before) pass("SIGTERM");
  }, PARENT_CHECK_MS);

  void exited.then(() => (ended = true));
  while (!ended && !(await listens(port))) await sleep(100);
  if (!ended) onReady();
  const code = await exited;
  clearInterval(watch);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, pass);
  return code;
}

/** Our parent and its own, as text to compare: npm runs a script through a shell that outlives it. */
function parents() {
  let above = "";
  try {
    above = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${process.ppid}/status`, "utf8"))?.[1] ?? "";
  } catch {
    // Not Linux, or the parent has just ended, which the first number tells.
  }
  return `${process.ppid} ${above}`;
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
