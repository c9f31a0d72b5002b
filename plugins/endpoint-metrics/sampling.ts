import type { CountedSeries } from "./counted-series.ts";

/** So many requests of a series are sampled a second and worker; up to that many all of them are. */
const SAMPLES_PER_SECOND = 64;

/** A position in a block of `stride`, all equally likely. */
function positionOf(stride: number, random: number): number {
  return Math.floor(random * stride);
}

/**
 * Of each block of `stride` requests one is sampled, at a position drawn anew (stratified sampling: Cochran, Sampling
 * Techniques, ch. 5). Each request has the same chance, 1 in `stride`, so a sample that counts `stride` times is right in
 * the mean, also when a block is broken off; periodic traffic cannot hide.
 */
export function blockStart(series: CountedSeries, random: number): void {
  const stride = series.requests > SAMPLES_PER_SECOND ? Math.floor(series.requests / SAMPLES_PER_SECOND + 0.5) : 1;
  const position = positionOf(stride, random);
  series.stride = stride;
  series.skip = position;
  series.rest = stride - 1 - position;
}

/** After a sample: how many requests go by until the next one. */
export function nextSample(series: CountedSeries, random: number): void {
  const position = positionOf(series.stride, random);
  series.skip = series.rest + position;
  series.rest = series.stride - 1 - position;
}
