/**
 * A limit of which a gateway gives a share now: `limit x share / replicas`, but never less than one request in a window, for a
 * limit that is cut to nothing would shut clients out. A limit that is lower by itself stays as it is.
 * @param share in (0, 1]
 * @param replicas at least 1
 * @param least the cost of a request, at least 1
 */
function sharedLimit(limit: number, share: number, replicas: number, least: number): number {
  const left = (limit * share) / replicas;
  const floor = limit < least ? limit : least;
  return left < floor ? floor : left;
}

/** A burst is cut as its limit is, and never below one request. @param burst absent: a tenth of the limit */
function sharedBurst(burst: number | undefined, limit: number, share: number, replicas: number, least: number): number {
  const left = ((burst ?? limit / 10) * share) / replicas;
  return left < least ? least : left;
}

export { sharedBurst, sharedLimit };
