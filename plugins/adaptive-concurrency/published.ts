/** The state of a limit as it is published: the owner writes it, all read it. */
import {
  newLimitState,
  type LimitAlgorithm,
  type LimitReason,
  type LimitState,
  type ProbePhase,
} from "../_core/concurrency/limit-state.ts";
import type { JsonValue } from "../_kit/ports.ts";
import type { LimitCell } from "./limit-cell.ts";

/** What the owner has made use of, of counters that only grow. */
export interface Seen {
  seconds: number;
  samples: number;
  drops: number;
  back: number;
  shed: number;
}

/** What people were told of. */
export interface Told {
  limit: number;
  limitAtSeconds: number;
  isShedding: boolean;
  lastShedAtSeconds: number;
}

export interface Published {
  state: LimitState;
  /** Mean latency of the last sample; 0: none yet. */
  latencySeconds: number;
  readonly seen: Seen;
  readonly told: Told;
}

export function newPublished(cell: LimitCell): Published {
  return {
    state: newLimitState(cell.settings),
    latencySeconds: 0,
    seen: { seconds: 0, samples: 0, drops: 0, back: 0, shed: 0 },
    told: { limit: cell.settings.initial, limitAtSeconds: 0, isShedding: false, lastShedAtSeconds: 0 },
  };
}

/** What JSON gives back: the owner wrote it, but perhaps of another version. */
interface Stored {
  readonly algorithm?: LimitAlgorithm;
  readonly limit?: number;
  readonly baselineSeconds?: number;
  readonly baselineSamples?: number;
  readonly confirmedAtSeconds?: number;
  readonly probe?: ProbePhase;
  readonly probeUntilSeconds?: number;
  readonly probesAll?: boolean;
  readonly reason?: LimitReason;
  readonly latencySeconds?: number;
  readonly seen?: Seen;
  readonly told?: Told;
}

export function publishedText(cell: LimitCell, { state, latencySeconds, seen, told }: Published): string {
  const stored: Readonly<Record<string, JsonValue>> = {
    algorithm: cell.settings.algorithm,
    limit: state.limit,
    baselineSeconds: state.baselineSeconds,
    baselineSamples: state.baselineSamples,
    confirmedAtSeconds: state.confirmedAtSeconds,
    probe: state.probe,
    probeUntilSeconds: state.probeUntilSeconds,
    probesAll: state.probesAll,
    reason: state.reason,
    latencySeconds,
    seen: { seconds: seen.seconds, samples: seen.samples, drops: seen.drops, back: seen.back, shed: seen.shed },
    told: {
      limit: told.limit,
      limitAtSeconds: told.limitAtSeconds,
      isShedding: told.isShedding,
      lastShedAtSeconds: told.lastShedAtSeconds,
    },
  };
  return cell.worker.json.encode(stored);
}

/** Another algorithm's state, or none that can be read, is a new one. */
export function parsePublished(cell: LimitCell, text: string): Published {
  const stored = cell.worker.json.decode(text) as Stored | undefined;
  const fresh = newPublished(cell);
  if (stored === undefined || stored.algorithm !== cell.settings.algorithm) {
    return fresh;
  }
  const { state } = fresh;
  return {
    state: {
      limit: stored.limit ?? state.limit,
      baselineSeconds: stored.baselineSeconds ?? state.baselineSeconds,
      baselineSamples: stored.baselineSamples ?? state.baselineSamples,
      confirmedAtSeconds: stored.confirmedAtSeconds ?? state.confirmedAtSeconds,
      probe: stored.probe ?? state.probe,
      probeUntilSeconds: stored.probeUntilSeconds ?? state.probeUntilSeconds,
      probesAll: stored.probesAll ?? state.probesAll,
      reason: stored.reason ?? state.reason,
    },
    latencySeconds: stored.latencySeconds ?? 0,
    seen: stored.seen ?? fresh.seen,
    told: stored.told ?? fresh.told,
  };
}

/** As it was last published. */
export function readPublished(cell: LimitCell): Published {
  const text = cell.store.get(`${cell.prefix}state`);
  return typeof text === "string" ? parsePublished(cell, text) : newPublished(cell);
}
