import { spawnSync, type ChildProcess } from "node:child_process";
import type { Launch } from "./types.ts";

/** How long nginx may take to end after SIGTERM, which drops requests in flight. */
const TERMINATE_SECONDS = 3;

/** Ends one engine by steps that get harsher: finish requests, drop them, kill. */
export interface Shutdown {
  /** The first step, and the next ones when their time has come. Called again, it changes nothing. */
  begin(graceSeconds: number): void;
  /** The next step, now. */
  hurry(): void;
  /** The last step, done before this returns; for a process that is about to end. */
  kill(): void;
}

/** @param child leader of its own process group, so that a signal to the group reaches nginx's workers */
export function createShutdown(child: ChildProcess, launch: Launch): Shutdown {
  let step = 0;
  let timer: NodeJS.Timeout | undefined;

  function next(waitSeconds: number): void {
    step += 1;
    if (step === 1) child.kill("SIGQUIT");
    else if (step === 2) child.kill("SIGTERM");
    else kill();
    if (step < 3) timer = setTimeout(() => next(TERMINATE_SECONDS), waitSeconds * 1000);
  }

  function kill(): void {
    step = 3;
    if (launch.remove !== undefined && isRunning(child)) {
      spawnSync(launch.remove.file, [...launch.remove.args], { stdio: "ignore", timeout: 20_000 });
    }
    killGroup(child);
  }

  child.once("exit", () => {
    clearTimeout(timer);
    step = 3;
  });

  return {
    begin(graceSeconds) {
      if (step !== 0) return;
      if (graceSeconds <= 0) step = 1;
      next(graceSeconds <= 0 ? TERMINATE_SECONDS : graceSeconds);
    },
    hurry() {
      if (step === 3) return;
      clearTimeout(timer);
      next(TERMINATE_SECONDS);
    },
    kill,
  };
}

/** Also right after the leader has ended: a master that was killed leaves its workers in the group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
