import { new as newSemaphore } from "ngx.semaphore";
import type { Gate } from "../../plugins/_kit/ports.ts";

/** Opens one at a time; it belongs to this worker. */
export function newGate(): Gate {
  const [semaphore, problem] = newSemaphore(0);
  if (semaphore === undefined) {
    error(`a gate cannot be made: ${problem}`);
  }
  return {
    wait: (seconds) => {
      const [passed] = semaphore.wait(seconds);
      return passed === true;
    },
    post: () => {
      semaphore.post(1);
    },
  };
}
