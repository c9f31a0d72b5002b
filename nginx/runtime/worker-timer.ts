import type { Timer } from "../../plugins/_kit/ports.ts";
import { workerLog } from "./worker-log.ts";

/** Tasks with the same period share one nginx timer, so a thousand instances cost one timer and not a thousand. */
const tasksByPeriod = new LuaMap<number, (() => void)[]>();

function runAll(tasks: readonly (() => void)[]): void {
  for (const task of tasks) {
    const [ok, message] = pcall(task);
    if (!ok) {
      workerLog.error(`a timer task failed and will run again: ${tostring(message)}`);
    }
  }
}

/** The timer port. Call `every` in init_worker; tasks end with the worker. */
export const workerTimer: Timer = {
  every: (seconds, task) => {
    const present = tasksByPeriod.get(seconds);
    if (present !== undefined) {
      present.push(task);
      return;
    }
    const tasks = [task];
    tasksByPeriod.set(seconds, tasks);
    const [started, message] = ngx.timer.every(seconds, (premature: boolean) => {
      if (!premature) {
        runAll(tasks);
      }
    });
    if (started === undefined) {
      workerLog.error(`cannot start a timer: ${tostring(message)}`);
    }
  },
};
