/**
 * Successes and failures of an interval in one double, so that one atomic `incr` adds both: `ok + failed * 2^31`. Exact up
 * to 2^31 successes and 2^22 failures; with more failures the last digits of the successes are lost, which changes no rate
 * that anybody looks at.
 */
const ONE_FAILED = 2147483648;

function packInterval(ok: number, failed: number): number {
  return ok + failed * ONE_FAILED;
}

function failedOf(packed: number): number {
  return Math.floor(packed / ONE_FAILED);
}

function okOf(packed: number): number {
  return packed - failedOf(packed) * ONE_FAILED;
}

export { failedOf, okOf, packInterval };
