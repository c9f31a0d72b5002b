/** The bucket of a histogram that a duration belongs to, found without a loop for all that take about a second at most. */
interface BucketIndex {
  /** Upper bounds in seconds, rising. */
  readonly bounds: readonly number[];
  /** Bucket by whole milliseconds, from 0 to `LAST_MILLISECOND`. */
  readonly byMillisecond: readonly number[];
}

const LAST_MILLISECOND = 1024;

/** The first bucket from `first` on whose bound is not below `milliseconds`; the one after the last stands for +Inf. */
function search(bounds: readonly number[], milliseconds: number, first: number): number {
  const seconds = milliseconds / 1000;
  let bucket = first;
  while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) {
    bucket += 1;
  }
  return bucket;
}

/** @param bounds upper bounds in seconds, rising */
function newBucketIndex(bounds: readonly number[]): BucketIndex {
  const byMillisecond: number[] = [];
  let bucket = 0;
  for (let milliseconds = 0; milliseconds <= LAST_MILLISECOND; milliseconds++) {
    bucket = search(bounds, milliseconds, bucket);
    byMillisecond.push(bucket);
  }
  return { bounds, byMillisecond };
}

/**
 * @param seconds a duration; it is taken to the millisecond, which is all that nginx's clock has
 * @returns from 0 to the number of bounds: the last one is +Inf's
 */
function bucketOf(index: BucketIndex, seconds: number): number {
  const milliseconds = Math.floor(seconds * 1000 + 0.5);
  if (milliseconds <= 0) {
    return 0;
  }
  const quick = index.byMillisecond[milliseconds];
  if (quick !== undefined) {
    return quick;
  }
  const last = index.byMillisecond[LAST_MILLISECOND] ?? 0;
  const bucket = search(index.bounds, milliseconds, last);
  return bucket;
}

export { bucketOf, newBucketIndex };
export type { BucketIndex };
