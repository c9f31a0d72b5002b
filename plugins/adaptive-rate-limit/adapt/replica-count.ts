import { integerText } from "../../_core/text.ts";
import type { WorkerHost } from "../../_kit/handlers.ts";
import type { DnsType } from "../../_kit/ports.ts";

/** For each server that is asked. */
const TIMEOUT_SECONDS = 2;
const LEAST_WAIT_SECONDS = 5;
const MOST_WAIT_SECONDS = 30;
/** A look that takes longer is taken for dead, and another worker looks. */
const LOOK_SECONDS = 60;
/** So long the last known number is kept while nobody can tell. */
const KEPT_SECONDS = 86_400;
const TYPES: readonly DnsType[] = ["A", "AAAA"];

/** What one look found. */
interface Counted {
  readonly count: number;
  readonly ttlSeconds: number;
  readonly problem?: string;
}

function countOne(worker: WorkerHost, name: string, type: DnsType): Counted {
  const { records, problem } = worker.dns.query(name, type, [], TIMEOUT_SECONDS);
  if (problem !== undefined) {
    return { count: 0, ttlSeconds: 0, problem: `${problem} for ${type} of ${name}` };
  }
  const seen: Record<string, boolean> = {};
  let count = 0;
  let ttlSeconds = MOST_WAIT_SECONDS;
  for (const record of records) {
    if (record.type === type && seen[record.host] !== true) {
      seen[record.host] = true;
      count += 1;
      ttlSeconds = Math.min(ttlSeconds, record.ttlSeconds);
    }
  }
  return { count, ttlSeconds };
}

/** The larger of the two numbers of addresses: where gateways have both kinds, each has one of each. */
function countAddresses(worker: WorkerHost, name: string): Counted {
  let count = 0;
  let ttlSeconds = MOST_WAIT_SECONDS;
  for (const type of TYPES) {
    const one = countOne(worker, name, type);
    if (one.problem !== undefined) {
      return one;
    }
    count = Math.max(count, one.count);
    ttlSeconds = Math.min(ttlSeconds, one.ttlSeconds);
  }
  return count > 0 ? { count, ttlSeconds } : { count, ttlSeconds, problem: `${name} has no address` };
}

function gatewaysText(count: number): string {
  return count === 1 ? "1 gateway" : `${integerText(count)} gateways`;
}

/** @noSelf */
export interface ReplicaCount {
  /** At least 1. */
  count(): number;
  /** Each second: looks, when it is time and this worker's turn, and takes over what was found. @returns true when it is another */
  follow(): boolean;
}

/** As many as the configuration says. */
export function fixedReplicas(count: number): ReplicaCount {
  return { count: () => count, follow: () => false };
}

/**
 * As many gateways as a name has addresses. One worker looks for all; what it found last is kept while it cannot be found out.
 * @param first until something is found
 */
export function replicasByName(worker: WorkerHost, name: string, first: number): ReplicaCount {
  const store = worker.store("autoscale");
  const countKey = `replicas:${name}`;
  const turnKey = `replicas-turn:${name}`;
  let count = first;
  let complained = false;

  function known(): number | undefined {
    const value = store.get(countKey);
    return typeof value === "number" && value >= 1 ? value : undefined;
  }

  function look(): void {
    const { count: found, ttlSeconds, problem } = countAddresses(worker, name);
    if (problem === undefined) {
      const before = known() ?? first;
      store.set(countKey, found, KEPT_SECONDS);
      if (found !== before) {
        worker.events.emit({
          plugin: "adaptive-rate-limit",
          subject: `replicas:${name}`,
          from: gatewaysText(before),
          to: gatewaysText(found),
          reason: "the name has another number of addresses",
          inputs: { replicas: found },
        });
      }
    } else if (!complained) {
      worker.log.warn(`how many gateways share the limits is not known, the last known number is used: ${problem}`);
    }
    complained = problem !== undefined;
    const wait = problem === undefined ? ttlSeconds : LEAST_WAIT_SECONDS;
    store.set(turnKey, true, Math.min(MOST_WAIT_SECONDS, Math.max(LEAST_WAIT_SECONDS, wait)));
  }

  return {
    count: () => count,
    follow: () => {
      if (store.add(turnKey, true, LOOK_SECONDS)) {
        worker.tasks.start(look);
      }
      const now = known() ?? count;
      const changed = now !== count;
      count = now;
      return changed;
    },
  };
}
