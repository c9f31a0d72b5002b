/**
 * How requests are split over priority levels: the first one takes all as long as it bears it, the next one what is beyond.
 * Source: Envoy, docs/root/intro/arch_overview/upstream/load_balancing/priority.rst and panic_threshold.rst.
 */

/** A level with 1 / 1.4 = 71 % of its weight available counts as whole, as Envoy's overprovisioning_factor. */
const OVERPROVISIONING = 1.4;

/** The share of all requests that a level may bear, 0 to 1. */
function healthOf(available: number, all: number): number {
  const health = all > 0 ? (OVERPROVISIONING * available) / all : 0;
  return health < 1 ? health : 1;
}

/**
 * Where the levels end on a scale from 0 to 1, for `levelOf`. A level's share is what it may bear, of what those before it
 * leave; where all together bear less than everything, each takes more in the same proportion.
 * @param available weights of what takes requests, by level
 * @param all weights, by level
 * @returns all 0 when nothing is available
 */
function levelThresholds(available: readonly number[], all: readonly number[]): number[] {
  let total = 0;
  for (let i = 0; i < all.length; i++) {
    total += healthOf(available[i] ?? 0, all[i] ?? 0);
  }
  const thresholds: number[] = [];
  let reached = 0;
  for (let i = 0; i < all.length; i++) {
    reached += healthOf(available[i] ?? 0, all[i] ?? 0);
    const threshold = total < 1 && reached < total ? reached / total : reached;
    // The last one that bears anything ends at 1 exactly: a draw finds a level whatever the rounding.
    const isLast = reached >= 1 || (reached > 0 && reached >= total);
    thresholds.push(isLast ? 1 : threshold);
  }
  return thresholds;
}

/**
 * The level for one request.
 * @param draw in [0, 1)
 * @returns its number; -1 when nothing is available
 */
function levelOf(thresholds: readonly number[], draw: number): number {
  for (let i = 0; i < thresholds.length; i++) {
    if (draw < (thresholds[i] ?? 0)) {
      return i;
    }
  }
  return -1;
}

/**
 * Whether so few peers are well that all are better used: the few would break down too, and it may be the checks that err.
 * @param thresholdPercent 0: never
 */
function panics(availableCount: number, totalCount: number, thresholdPercent: number): boolean {
  return availableCount * 100 < thresholdPercent * totalCount;
}

export { levelOf, levelThresholds, panics };
