/** Of this many keys in each of two generations the last window's count is remembered: a few hundred KB in a worker. */
const GENERATION = 4096;

/**
 * What was counted in a window that is over, of the keys used lately.
 * @noSelf
 */
export interface RecentCounts {
  find(key: string): number | undefined;
  keep(key: string, count: number): void;
  /** Another window is over. */
  clear(): void;
}

export function recentCounts(): RecentCounts {
  let young: Record<string, number | undefined> = {};
  let old: Record<string, number | undefined> = {};
  let count = 0;

  function keep(this: void, key: string, value: number): void {
    if (count >= GENERATION) {
      old = young;
      young = {};
      count = 0;
    }
    young[key] = value;
    count += 1;
  }

  return {
    keep,
    find: (key) => {
      const found = young[key];
      if (found !== undefined) {
        return found;
      }
      const kept = old[key];
      if (kept !== undefined) {
        keep(key, kept);
      }
      return kept;
    },
    clear: () => {
      young = {};
      old = {};
      count = 0;
    },
  };
}
