/**
 * What Linux writes about the processors that a group of processes may use: cgroup-v2.rst ("CPU Interface Files"),
 * cgroup-v1/cpuacct.rst and sched-bwc.rst of its documentation, and cpuset(7).
 */

const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;

/** Where this process stands among the groups, below what is mounted; undefined where that version does not govern processors. */
export interface CgroupPaths {
  readonly v2: string | undefined;
  readonly v1: string | undefined;
}

/** @param text of /proc/self/cgroup: lines of `<number>:<controllers>:<path>`, without controllers for version 2 */
export function cgroupPaths(text: string): CgroupPaths {
  let v2: string | undefined;
  let v1: string | undefined;
  for (const [controllers, path] of string.gmatch(text, "%d+:([^:\n]*):([^\n]*)")) {
    const [position] = string.find(`,${controllers},`, ",cpu,", 1, true);
    const found = position as number | undefined;
    if (controllers === "") {
      v2 = path;
    } else if (found !== undefined) {
      v1 = path;
    }
  }
  return { v2, v1 };
}

/** The group itself and all above it, the root as "": a limit of any of them holds. */
export function withParents(path: string): readonly string[] {
  const found: string[] = [];
  let rest = string.gsub(path, "/+$", "")[0];
  while (rest !== "") {
    found.push(rest);
    rest = string.gsub(rest, "/[^/]*$", "")[0];
  }
  found.push("");
  return found;
}

/** How many processors' time a group may use; undefined: as much as there is. @param text of cpu.max: `max 100000` or `50000 100000` */
export function quotaOf(text: string): number | undefined {
  const [quota, period] = string.match(text, "^(%d+) (%d+)");
  return quotient(tonumber(quota), tonumber(period));
}

/** The same of version 1. @param quotaText of cpu.cfs_quota_us, -1 without a limit @param periodText of cpu.cfs_period_us */
export function oldQuotaOf(quotaText: string, periodText: string): number | undefined {
  return quotient(tonumber(quotaText), tonumber(periodText));
}

function quotient(quota: number | undefined, period: number | undefined): number | undefined {
  return quota === undefined || period === undefined || quota <= 0 || period <= 0 ? undefined : quota / period;
}

/** Seconds of processor used so far. @param text of cpu.stat */
export function groupSeconds(text: string): number | undefined {
  const [microseconds] = string.match(`\n${text}`, "\nusage_usec (%d+)");
  const used = tonumber(microseconds);
  return used === undefined ? undefined : used / MICROSECONDS;
}

/** The same of version 1. @param text of cpuacct.usage */
export function oldGroupSeconds(text: string): number | undefined {
  const used = tonumber(text);
  return used === undefined ? undefined : used / NANOSECONDS;
}

/** How many processors a process may run on. @param text of /proc/<pid>/status, with a line as `Cpus_allowed_list:	0-3,8` */
export function allowedProcessors(text: string): number | undefined {
  const [list] = string.match(`\n${text}`, "\nCpus_allowed_list:%s*([%d,-]+)");
  if (list === undefined) {
    return undefined;
  }
  let count = 0;
  for (const [from, to] of string.gmatch(list, "(%d+)%-?(%d*)")) {
    const first = tonumber(from) ?? 0;
    count += (tonumber(to) ?? first) - first + 1;
  }
  return count;
}

/** @param text of /proc/<pid>/stat: the name in parentheses may hold anything */
export function parentPid(text: string): string | undefined {
  const [pid] = string.match(text, "^.*%) %S+ (%d+)");
  return pid;
}
