/**
 * The value below which a share of the observations lies, from a histogram: linear within its bucket, as Prometheus'
 * `histogram_quantile` (promql/quantile.go). The error is at most the width of that bucket.
 * @param q the share, above 0 up to 1
 * @param bounds upper bounds, rising and above 0
 * @param counts observations by bucket, not cumulative; one more than `bounds`: those above the last bound
 * @returns the last bound for what lies above it; undefined without observations
 */
function histogramQuantile(q: number, bounds: readonly number[], counts: readonly number[]): number | undefined {
  let total = 0;
  for (const count of counts) {
    total += count;
  }
  if (total <= 0) {
    return undefined;
  }
  const rank = q * total;
  let below = 0;
  let lower = 0;
  for (let i = 0; i < bounds.length; i++) {
    const count = counts[i] ?? 0;
    const upper = bounds[i] ?? lower;
    if (count > 0 && below + count >= rank) {
      const share = (rank - below) / count;
      return lower + (upper - lower) * (share < 0 ? 0 : share);
    }
    below += count;
    lower = upper;
  }
  return lower;
}

export { histogramQuantile };
