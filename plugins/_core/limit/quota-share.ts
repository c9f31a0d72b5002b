/**
 * A limit of which a gateway gives a share now: `limit x share / replicas`, but never less than one request in a window, for a
 * limit that is rounded to nothing would shut a client out. A limit that is below 1 by itself stays as it is.
 * @param share in (0, 1] @param replicas at least 1
 */
function sharedLimit(limit: number, share: number, replicas: number): number {
  const left = (limit * share) / replicas;
  const least = limit < 1 ? limit : 1;
  return left < least ? least : left;
}

/** A burst is cut as its limit is, and never below 1. @param burst absent: a tenth of the limit */
function sharedBurst(burst: number | undefined, limit: number, share: number, replicas: number): number {
  const left = ((burst ?? limit / 10) * share) / replicas;
  return left < 1 ? 1 : left;
}

export { sharedBurst, sharedLimit };
