/** How loaded the gateway is, as all its workers see it together. */
import type { NodeLoad } from "../../plugins/_kit/ports.ts";
import { allowedProcessors, parentPid } from "./cgroup-text.ts";
import { watchCgroups } from "./cgroup-use.ts";
import { readText } from "./process-figures.ts";
import { readVitals } from "./worker-vitals.ts";

/** Who asks within so long gets the same answer. */
const FRESH_SECONDS = 0.4;
/** A mean over more says nothing of now. */
const LONGEST_SECONDS = 120;

/**
 * Processors that the workers may run on. Asked of the master: with worker_cpu_affinity each worker is bound to one, and what a
 * cpuset or taskset allows holds for the master.
 */
function processors(): number | undefined {
  const master = parentPid(readText("/proc/self/stat") ?? "");
  return master === undefined ? undefined : allowedProcessors(readText(`/proc/${master}/status`) ?? "");
}

/**
 * The gateway is short of processor time when its workers use up the processors they may run on (each is one thread), or when
 * its group has used up its quota. What others use of the machine does not count: as long as the gateway gets its time
 * it is well, and when it does not, its event loops are late.
 */
export function nodeLoad(): (this: void) => NodeLoad {
  const groupShare = watchCgroups(readText);
  let last: NodeLoad = { cpuRatio: undefined, lagSeconds: 0 };
  let lastSeconds = 0;
  return () => {
    const now = ngx.now();
    const elapsed = now - lastSeconds;
    if (elapsed >= 0 && elapsed < FRESH_SECONDS) {
      return last;
    }
    let workers = 0;
    let used = 0;
    let lagSeconds = 0;
    for (const [, vitals] of readVitals()) {
      workers += 1;
      used += vitals.cpuShare;
      lagSeconds = math.max(lagSeconds, vitals.lagSeconds);
    }
    const byWorkers = workers === 0 ? undefined : used / math.min(workers, processors() ?? workers);
    const byGroup = groupShare(now);
    const isRecent = elapsed >= 0 && elapsed <= LONGEST_SECONDS;
    last = { cpuRatio: isRecent && byGroup !== undefined ? math.max(byWorkers ?? 0, byGroup) : byWorkers, lagSeconds };
    lastSeconds = now;
    return last;
  };
}
