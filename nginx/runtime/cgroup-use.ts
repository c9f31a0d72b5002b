/** How much of its limit of processor time the group has used that this process is in. */
import { cgroupPaths, groupSeconds, oldGroupSeconds, oldQuotaOf, quotaOf, withParents } from "./cgroup-text.ts";

/** The text of a file; undefined when it cannot be read. */
export type ReadFile = (this: void, path: string) => string | undefined;

/** A group that has a limit. */
interface Limited {
  /** Processors. */
  readonly quota: number;
  /** Used so far. */
  readonly seconds: number;
}

const MOUNT = "/sys/fs/cgroup";

function limitedNow(read: ReadFile, group: string): Limited | undefined {
  const quota = quotaOf(read(`${MOUNT}${group}/cpu.max`) ?? "");
  const seconds = quota === undefined ? undefined : groupSeconds(read(`${MOUNT}${group}/cpu.stat`) ?? "");
  return quota === undefined || seconds === undefined ? undefined : { quota, seconds };
}

function limitedOld(read: ReadFile, group: string): Limited | undefined {
  const folder = `${MOUNT}/cpu${group}`;
  const quota = oldQuotaOf(read(`${folder}/cpu.cfs_quota_us`) ?? "", read(`${folder}/cpu.cfs_period_us`) ?? "");
  const seconds =
    quota === undefined ? undefined : oldGroupSeconds(read(`${MOUNT}/cpuacct${group}/cpuacct.usage`) ?? "");
  return quota === undefined || seconds === undefined ? undefined : { quota, seconds };
}

/** By folder: those groups that have a limit, of this process and of all above it. */
function limitedGroups(read: ReadFile): LuaMap<string, Limited> {
  const found = new LuaMap<string, Limited>();
  const { v2, v1 } = cgroupPaths(read("/proc/self/cgroup") ?? "");
  const look = (path: string | undefined, limited: typeof limitedNow): void => {
    // In a container the path may be that of the host: then only the root is there, and is the container's own group.
    for (const group of path === undefined ? [] : withParents(path)) {
      const one = limited(read, group);
      if (one !== undefined) {
        found.set(group, one);
      }
    }
  };
  // Where version 1 governs processors, version 2 has no cpu.max.
  look(v1, limitedOld);
  look(v2, limitedNow);
  return found;
}

/**
 * Watches the groups. The function it returns tells the share of its limit that the most loaded one has used since the call
 * before; undefined at the first call, and where nothing is limited.
 */
export function watchCgroups(read: ReadFile): (this: void, nowSeconds: number) => number | undefined {
  let before = new LuaMap<string, Limited>();
  let beforeSeconds = 0;
  return (now) => {
    const groups = limitedGroups(read);
    const elapsed = now - beforeSeconds;
    let most: number | undefined;
    for (const [group, { quota, seconds }] of groups) {
      const last = before.get(group);
      if (last !== undefined && elapsed > 0) {
        most = math.max(most ?? 0, (seconds - last.seconds) / elapsed / quota);
      }
    }
    before = groups;
    beforeSeconds = now;
    return most;
  };
}
