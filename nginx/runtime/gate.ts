import { new as newSemaphore } from "ngx.semaphore";
import type { Gate } from "../../plugins/_kit/ports.ts";

/** ngx_lua takes less than this for no wait at all: who goes round until a time is up would never let the clock go on. */
const LEAST_SECONDS = 0.001;

/** Opens one at a time; it belongs to this worker. */
export function newGate(): Gate {
  const [semaphore, problem] = newSemaphore(0);
  if (semaphore === undefined) {
    error(`a gate cannot be made: ${problem}`);
  }
  return {
    wait: (seconds) => {
      const [passed] = semaphore.wait(math.max(LEAST_SECONDS, seconds));
      return passed === true;
    },
    post: () => {
      semaphore.post(1);
    },
  };
}
