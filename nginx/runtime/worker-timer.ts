import type { Timer } from "../../plugins/_kit/ports.ts";
import { beginExit } from "./worker-exit.ts";
import { workerLog } from "./worker-log.ts";

/** A task and whose it is; an ended one is dropped at the next turn. */
interface Task {
  readonly run: (this: void) => void;
  readonly scope: { ended: boolean };
}

/** Tasks with the same period share one nginx timer, so a thousand instances cost one timer and not a thousand. */
const tasksByPeriod = new LuaMap<number, Task[]>();

/** Runs every task and returns those that go on. */
function runAll(tasks: readonly Task[]): Task[] {
  const alive: Task[] = [];
  for (const task of tasks) {
    if (!task.scope.ended) {
      alive.push(task);
      const [ok, message] = pcall(task.run);
      if (!ok) {
        workerLog.error(`a timer task failed and will run again: ${tostring(message)}`);
      }
    }
  }
  return alive;
}

function startPeriod(seconds: number): void {
  const [started, message] = ngx.timer.every(seconds, (premature: boolean) => {
    const tasks = tasksByPeriod.get(seconds);
    if (premature) {
      beginExit();
    } else if (tasks !== undefined) {
      // A task may add tasks: what comes in meanwhile lands in the new list.
      const before: Task[] = [];
      tasksByPeriod.set(seconds, before);
      const alive = runAll(tasks);
      for (const task of before) {
        alive.push(task);
      }
      tasksByPeriod.set(seconds, alive);
    }
  });
  if (started === undefined) {
    workerLog.error(`cannot start a timer: ${tostring(message)}`);
  }
}

/**
 * A timer port whose tasks end together: one for each plugin instance.
 * @noSelf
 */
export interface TimerScope {
  readonly timer: Timer;
  /** No task of this scope runs again. */
  end(): void;
}

/** The timer port. Tasks run until their scope or the worker ends. */
export function timerScope(): TimerScope {
  const scope = { ended: false };
  return {
    timer: {
      every: (seconds, run) => {
        const tasks = tasksByPeriod.get(seconds);
        if (tasks !== undefined) {
          tasks.push({ run, scope });
          return;
        }
        tasksByPeriod.set(seconds, [{ run, scope }]);
        startPeriod(seconds);
      },
    },
    end: () => {
      scope.ended = true;
    },
  };
}
