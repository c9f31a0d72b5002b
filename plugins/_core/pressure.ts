/**
 * How loaded one gateway worker is, from what its process used of a processor and how late its event loop ran.
 * A worker is one thread: at a share of 1 it can do no more.
 */

/** Below this share of a processor a worker counts as idle. */
const IDLE_SHARE = 0.6;
/** At this share it counts as saturated: the last tenth is noise of the scheduler. */
const FULL_SHARE = 0.9;
/** An event loop this late is saturated, whatever the processor says (a blocked disk, a stolen processor). */
const FULL_LAG_SECONDS = 0.25;
/** Weight of the newest sample in the moving average. */
const SMOOTHING = 0.3;

/** One sample's pressure in [0, 1]: the worse of the two signs, each linear between its borders. */
export function samplePressure(cpuShare: number, lagSeconds: number): number {
  const byCpu = (cpuShare - IDLE_SHARE) / (FULL_SHARE - IDLE_SHARE);
  const byLag = lagSeconds / FULL_LAG_SECONDS;
  return Math.min(1, Math.max(0, byCpu, byLag));
}

/** Exponentially weighted mean: quick enough for a spike of a few seconds, calm under single late ticks. */
export function smoothPressure(previous: number, sample: number): number {
  return previous + SMOOTHING * (sample - previous);
}
