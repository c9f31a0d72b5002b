import { firstScalingState, type ScalingState } from "../_core/desired-replicas.ts";
import type { Dated } from "../_core/window-extreme.ts";

/** What was decided for an upstream, as it lies in the dict. */
export interface Stored {
  readonly desired: number;
  readonly changed: number;
  readonly direction: number;
  readonly lowest: readonly (readonly number[])[];
  readonly highest: readonly (readonly number[])[];
  readonly recommended: number;
  readonly reason: string;
  readonly replicas: number;
  readonly value?: number;
}

export function pairsOf(queue: readonly Dated[]): (readonly number[])[] {
  const pairs: (readonly number[])[] = [];
  for (const entry of queue) {
    pairs.push([entry.value, entry.atSeconds]);
  }
  return pairs;
}

function queueOf(pairs: readonly (readonly number[])[]): Dated[] {
  const queue: Dated[] = [];
  for (const pair of pairs) {
    queue.push({ value: pair[0] ?? 0, atSeconds: pair[1] ?? 0 });
  }
  return queue;
}

export function stateOf(stored: Stored | undefined): ScalingState {
  if (stored === undefined) {
    return firstScalingState();
  }
  return {
    desired: stored.desired,
    changedAtSeconds: stored.changed,
    direction: stored.direction,
    lowest: queueOf(stored.lowest),
    highest: queueOf(stored.highest),
  };
}
