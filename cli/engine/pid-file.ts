import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where every bundle's configuration has nginx write its process id, once its sockets listen. */
const PID_FILE = "logs/nginx.pid";

/** Removes what an earlier run that was killed may have left, so that `waitForPid` sees only a new one. */
export async function forgetPid(prefix: string): Promise<void> {
  await rm(join(prefix, PID_FILE), { force: true });
}

/** `ready` once nginx has written its process id, `late` when that took longer than `timeoutSeconds` or `ended` fired. */
export async function waitForPid(
  prefix: string,
  timeoutSeconds: number,
  ended: AbortSignal,
): Promise<"ready" | "late"> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < deadline && !ended.aborted) {
    const text = await readFile(join(prefix, PID_FILE), "utf8").catch(() => "");
    // `nginx -t` leaves an empty one.
    if (text.trim() !== "") return "ready";
    await sleep(15);
  }
  return "late";
}
