/**
 * What a series takes of a shared dict at most. nginx keeps an entry (68 bytes, the key and the value) in a piece whose size
 * is a power of two: 128 bytes for a number under a short key.
 */
const NUMBER_BYTES = 128;
const EXEMPLAR_BYTES = 256;
const ENTRY_BYTES = 68;
/** Method, route, status and upstream with names of 40 bytes, and the key's own part. */
const PLAIN_LABELS_BYTES = 188;
/** Seconds, errors, seconds of the upstream, bytes of requests and answers, and when it is idle. */
const OTHER_NUMBERS = 6;
/** Of the whole dict, for series; the rest is for what goes on beside, ... */
const SHARE = 0.75;
/** ... of which this is never used: nginx needs some for itself, and pieces of one size are not all in use. */
const SPARE_SHARE = 0.05;
/** Of the whole dict, for samples of routes and upstreams: the more there are, the fewer of each are kept. */
const HISTORY_SHARE = 0.2;
/** The most samples of one route or upstream: five minutes, and ... */
export const MOST_SAMPLES = 61;
/** ... the fewest that are worth it: one minute, which the figures are of. */
const FEWEST_SAMPLES = 13;
/** Time, counts and the key of a sample, and a count of eight digits for each bucket. */
const SAMPLE_BYTES = 140;
const SAMPLE_BUCKET_BYTES = 8;
/** A route with its upstream beside that: sums and claims of both, the gauge, and the route's `other`. */
const PLACE_BYTES = 11264;

function pieceBytes(bytes: number): number {
  let piece = 128;
  while (piece < bytes) {
    piece *= 2;
  }
  return piece;
}

/**
 * @param bounds how many the histograms have
 * @param extraBytes of the configured labels with their names, at most
 */
export function seriesBytes(bounds: number, extraBytes: number): number {
  const numbers = (2 * (bounds + 1) + OTHER_NUMBERS) * NUMBER_BYTES;
  const labels = ENTRY_BYTES + PLAIN_LABELS_BYTES + extraBytes;
  // The slot's text has the bounds beside the labels.
  return numbers + EXEMPLAR_BYTES + pieceBytes(labels) + pieceBytes(labels + 6 * bounds);
}

/**
 * How many series a dict of `capacityBytes` bears.
 * @param places routes that are counted, each with its upstream
 */
export function seriesThatFit(capacityBytes: number, oneSeriesBytes: number, places: number): number {
  const share = capacityBytes * SHARE;
  const samples = 2 * places * MOST_SAMPLES * 256;
  const history = samples < capacityBytes * HISTORY_SHARE ? samples : capacityBytes * HISTORY_SHARE;
  const left = capacityBytes * (1 - SPARE_SHARE) - history - places * PLACE_BYTES;
  const bytes = left < share ? left : share;
  return bytes > 0 ? Math.floor(bytes / oneSeriesBytes) : 0;
}

/**
 * How many samples of each route and upstream the dict bears; 0 for one that has no place any more.
 * @param index which one it is of all, from 0
 * @param subjects how many there are
 */
export function samplesThatFit(capacityBytes: number, bounds: number, index: number, subjects: number): number {
  const one = pieceBytes(SAMPLE_BYTES + SAMPLE_BUCKET_BYTES * (bounds + 1));
  const samples = Math.floor((capacityBytes * HISTORY_SHARE) / one);
  const each = Math.floor(samples / (subjects > 0 ? subjects : 1));
  if (each >= FEWEST_SAMPLES) {
    return each < MOST_SAMPLES ? each : MOST_SAMPLES;
  }
  return index < Math.floor(samples / FEWEST_SAMPLES) ? FEWEST_SAMPLES : 0;
}
