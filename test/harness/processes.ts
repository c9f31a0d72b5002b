import { execFileSync } from "node:child_process";

/** Whether a process is there, a zombie not counted. */
export function isAlive(pid: number): boolean {
  const state = processState(pid);
  return state !== "" && !state.startsWith("Z");
}

/** The process ids of a process group. */
export function groupMembers(groupId: number): number[] {
  const text = execFileSync("ps", ["-eo", "pid=,pgid=,stat="], { encoding: "utf8" });
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, group, state]) => Number(group) === groupId && !state?.startsWith("Z"))
    .map(([pid]) => Number(pid));
}

/** Whether a process is held by SIGSTOP: the signal alone does not tell, it takes the process a moment. */
export function isStopped(pid: number): boolean {
  return processState(pid).startsWith("T");
}

function processState(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

/** A process and everything below it. */
export function descendants(pid: number): number[] {
  const text = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => {
    const children = rows.filter(([, above]) => above === parent).map(([child]) => child ?? 0);
    return [parent, ...children.flatMap(below)];
  };
  return below(pid);
}
