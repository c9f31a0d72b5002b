import type { Scaler } from "./scaler.ts";

/**
 * Who says how many replicas the upstreams should have.
 * @noSelf
 */
export interface Scalers {
  /** By upstream. All routes to one ask the same; where nothing checks that, the last one that asks holds. */
  readonly current: Readonly<Record<string, Scaler | undefined>>;
  add(upstream: string, scaler: Scaler): void;
  /** The route that `scaler` is of asks no more. */
  drop(upstream: string, scaler: Scaler): void;
}

export function createScalers(): Scalers {
  const current: Record<string, Scaler | undefined> = {};
  const asked: Record<string, readonly Scaler[] | undefined> = {};

  function set(upstream: string, scalers: readonly Scaler[]): void {
    asked[upstream] = scalers.length > 0 ? scalers : undefined;
    current[upstream] = scalers[scalers.length - 1];
  }

  function without(upstream: string, scaler: Scaler): Scaler[] {
    const others: Scaler[] = [];
    for (const other of asked[upstream] ?? []) {
      if (other !== scaler) {
        others.push(other);
      }
    }
    return others;
  }

  return {
    current,
    add: (upstream, scaler) => {
      const scalers = without(upstream, scaler);
      scalers.push(scaler);
      set(upstream, scalers);
    },
    drop: (upstream, scaler) => {
      set(upstream, without(upstream, scaler));
    },
  };
}
