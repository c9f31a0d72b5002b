import { spawn, type ChildProcess } from "node:child_process";
import { AutoscaleError } from "../errors.ts";
import { endWithParent } from "./parent-death.ts";
import { forgetPid, waitForPid } from "./pid-file.ts";
import type { EngineExit, RunningEngine, StartOptions } from "./running.ts";
import { runCommand } from "./run-command.ts";
import { createShutdown, killGroup } from "./shutdown.ts";
import { guard } from "./signal-guard.ts";
import { testConfig } from "./test-config.ts";
import type { Engine, Launch } from "./types.ts";
import { onlyForRoot } from "./worker-user.ts";
import { childProcesses, waitForNewChild } from "./worker-processes.ts";

const RELOAD_SECONDS = 10;
const OUTPUT_KEPT = 16 * 1024;

/**
 * Serves a bundle in the foreground, as a child of this process. Settles once nginx listens.
 *
 * @param prefix absolute path of the bundle; its configuration must set `pid logs/nginx.pid`
 * @throws AutoscaleError E_ENGINE_START with nginx's own text when it ends or does not listen in time
 */
export async function startEngine(engine: Engine, prefix: string, options: StartOptions = {}): Promise<RunningEngine> {
  const env = options.env ?? process.env;
  const closed = await onlyForRoot(engine, prefix);
  if (closed !== undefined) options.onOutput?.(`nginx's workers run as root: nobody else may enter ${closed}\n`);
  const launch = engine.launch(prefix, [], closed === undefined ? "daemon off;" : "daemon off; user root;");
  const command = await endWithParent(launch, env);
  await forgetPid(prefix);

  // A process group of its own: Ctrl-C in the terminal reaches only this process, which then stops nginx in order.
  const child = spawn(command.file, [...command.args], { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const shutdown = createShutdown(child, launch);
  const exited = watchExit(child, launch);
  const printed = collectOutput(child, options.onOutput);
  guard({
    shutdown,
    exited,
    graceSeconds: options.graceSeconds ?? 10,
    afterSignal: options.afterSignal ?? "die",
  });

  const readySeconds = options.readySeconds ?? 30;
  const ended = new AbortController();
  void exited.then(() => ended.abort());
  const state = await waitForPid(prefix, readySeconds, ended.signal);
  if (state !== "ready" || child.pid === undefined) {
    const what = ended.signal.aborted ? "ended" : `does not listen after ${readySeconds} seconds`;
    if (!ended.signal.aborted) shutdown.begin(0);
    await exited;
    throw startProblem(engine, what, printed());
  }

  return {
    pid: child.pid,
    exited,
    reload: () => reload(engine, prefix, env, child),
    async stop(stopOptions = {}) {
      shutdown.begin(stopOptions.graceSeconds ?? 10);
      await exited;
    },
  };
}

async function reload(engine: Engine, prefix: string, env: NodeJS.ProcessEnv, child: ChildProcess) {
  const checked = await testConfig(engine, prefix, env);
  if (!checked.ok || child.pid === undefined) return checked;
  const before = await childProcesses(child.pid);
  child.kill("SIGHUP");
  if (engine.kind === "container" || before === undefined) return checked;
  const taken = await waitForNewChild(child.pid, before, RELOAD_SECONDS);
  return taken ? checked : { ok: false, output: `${checked.output}nginx started no new worker; see logs/error.log` };
}

function watchExit(child: ChildProcess, launch: Launch): Promise<EngineExit> {
  return new Promise((resolve) => {
    child.once("exit", (_code, signal) => {
      killGroup(child);
      if (signal !== null && launch.remove !== undefined) void runCommand(launch.remove);
    });
    // "close" comes after "exit", when no process holds the output pipes any more: the workers are gone too.
    child.once("close", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 127, signal: null }));
  });
}

function collectOutput(child: ChildProcess, onOutput: ((text: string) => void) | undefined): () => string {
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      kept = (kept + text).slice(-OUTPUT_KEPT);
      onOutput?.(text);
    });
  }
  child.once("error", (error) => {
    kept += error.message;
  });
  return () => kept;
}

function startProblem(engine: Engine, what: string, output: string): AutoscaleError {
  return new AutoscaleError({
    code: "E_ENGINE_START",
    message: `${engine.describe} ${what}: ${output.trim() === "" ? "it printed nothing" : output.trim()}`,
    remedy: "Mend what it says; logs/error.log in the bundle may say more.",
  });
}
