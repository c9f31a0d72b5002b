import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** The children of a process, as Linux tells them; undefined where it does not. */
export async function childProcesses(pid: number): Promise<number[] | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .filter((word) => word !== "")
      .map(Number);
  } catch {
    return undefined;
  }
}

/** Waits until a process has a child that is not among `before`. False when that took longer than `timeoutSeconds`. */
export async function waitForNewChild(
  pid: number,
  before: readonly number[],
  timeoutSeconds: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < deadline) {
    const now = await childProcesses(pid);
    if (now === undefined) return false;
    if (now.some((child) => !before.includes(child))) return true;
    await sleep(20);
  }
  return false;
}
