/**
 * Background work. Each task is a light thread in a timer of its own, out of `lua_max_running_timers` (256 where nobody set it;
 * 4096 with our nginx.conf, Kong and APISIX), and takes another one while it waits for the network: have one that goes round
 * and not one for each of many things.
 */
import { backOffSeconds } from "../../plugins/_core/back-off.ts";
import type { Tasks } from "../../plugins/_kit/ports.ts";
import { timerAt } from "./native-timer.ts";
import { LOOK_SECONDS } from "./own-timer.ts";
import { workerLog } from "./worker-log.ts";

/** nginx waits for a thread that sleeps before it ends a worker, and nobody can wake one: it sleeps for short whiles. */
function sleep(this: void, seconds: number): boolean {
  let left = seconds;
  while (left > 0 && !ngx.worker.exiting()) {
    const step = math.min(left, LOOK_SECONDS);
    ngx.sleep(step);
    left -= step;
  }
  return !ngx.worker.exiting();
}

function perform(this: void, premature: boolean, run: (this: void) => void): void {
  let isOver = premature;
  let failures = 0;
  while (!isOver) {
    const [ok, message] = pcall(run);
    isOver = ok;
    if (!ok) {
      failures += 1;
      const wait = backOffSeconds(failures, math.random());
      workerLog.error(
        `a background task failed, and begins again in ${string.format("%.1f", wait)} s: ${tostring(message)}`,
      );
      isOver = !sleep(wait);
    }
  }
}

export const workerTasks: Tasks = {
  start: (run) => {
    if (ngx.worker.exiting()) {
      return;
    }
    const [started, problem] = timerAt(0, perform, run);
    if (started === undefined) {
      workerLog.error(`a background task cannot start: ${problem}`);
    }
  },
  sleep,
};
