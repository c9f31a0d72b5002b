import { setTimeout as sleep } from "node:timers/promises";

/** However slow the machine: a condition that does not hold by then never will. */
export const GENEROUS_SECONDS = 20;

/** Waits until `probe` gives something that is not undefined or false. Fails, saying `what` was waited for. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutSeconds = GENEROUS_SECONDS,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`after ${String(timeoutSeconds)} seconds still not: ${what}`);
    await sleep(25);
  }
}
