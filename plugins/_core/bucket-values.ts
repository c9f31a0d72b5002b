/**
 * One value for each bucket of a histogram that stands for all that fell into it: as far up in each bucket as makes their
 * sum right. So the mean of the values, each taken as often as its bucket counts, is the true mean, and every value lies
 * within its bucket.
 * @param bounds upper bounds, rising, without that of the last bucket
 * @param counts by bucket, one more than the bounds
 * @param sum of all that was counted
 */
function bucketValues(bounds: readonly number[], counts: readonly number[], sum: number): readonly number[] {
  const last = bounds[bounds.length - 1] ?? 0;
  let lowest = 0;
  let span = 0;
  let lower = 0;
  for (let i = 0; i <= bounds.length; i++) {
    // The last bucket has no end: let it be as wide as all before it.
    const upper = bounds[i] ?? 2 * last;
    const count = counts[i] ?? 0;
    lowest += count * lower;
    span += count * (upper - lower);
    lower = upper;
  }
  const wanted = span > 0 ? (sum - lowest) / span : 0;
  const share = wanted < 0 ? 0 : wanted > 1 ? 1 : wanted;
  const values: number[] = [];
  lower = 0;
  for (let i = 0; i <= bounds.length; i++) {
    const upper = bounds[i] ?? 2 * last;
    values.push(lower + share * (upper - lower));
    lower = upper;
  }
  const endless = counts[bounds.length] ?? 0;
  if (wanted > 1 && endless > 0) {
    values[bounds.length] = 2 * last + (sum - lowest - span) / endless;
  }
  return values;
}

export { bucketValues };
