/**
 * The end of a worker that was told to finish: a reload or a quit. nginx calls every waiting timer once, early, and runs
 * no further ones, while requests under way may take for hours.
 */
import { workerLog } from "./worker-log.ts";

/** Read after each request: `begun` once the worker was told to finish. */
export const workerExit = { begun: false };

const tasks: (() => void)[] = [];

/** Runs `task` when the worker is told to finish, and after each request that ends later. */
export function atExit(task: () => void): void {
  tasks.push(task);
}

/** Call it after the log phase of a request when `workerExit.begun`. */
export function runExitTasks(): void {
  for (const task of tasks) {
    const [ok, message] = pcall(task);
    if (!ok) {
      workerLog.error(`a task at the worker's end failed: ${tostring(message)}`);
    }
  }
}

/** A timer was called early: the worker was told to finish. */
export function beginExit(): void {
  if (!workerExit.begun) {
    workerExit.begun = true;
    runExitTasks();
  }
}
