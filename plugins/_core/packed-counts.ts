/**
 * Three counters in one double, so that one atomic `incr` counts a call, its failure and its slowness, and its
 * answer is the sum over all workers: `calls + failures * 2^17 + slow * 2^34`. Each counter is below 2^17, so
 * the whole stays below 2^51, where doubles are exact. Sums and differences of packed values are packed values
 * as long as every counter stays within its range.
 */

/** One more than the largest count. */
const COUNT_LIMIT = 131072;
/** Counting stops here: what workers add before they notice must not spill into the next counter. */
const COUNT_STOP = COUNT_LIMIT - 4096;
/** What a call adds. */
const ONE_CALL = 1;
/** What a failed call adds beside `ONE_CALL`. */
const ONE_FAILURE = COUNT_LIMIT;
/** What a slow call adds beside `ONE_CALL`. */
const ONE_SLOW = COUNT_LIMIT * COUNT_LIMIT;

function packCounts(calls: number, failures: number, slow: number): number {
  return calls + failures * ONE_FAILURE + slow * ONE_SLOW;
}

function callsOf(packed: number): number {
  return packed - Math.floor(packed / ONE_FAILURE) * ONE_FAILURE;
}

function failuresOf(packed: number): number {
  const upper = Math.floor(packed / ONE_FAILURE);
  return upper - Math.floor(upper / COUNT_LIMIT) * COUNT_LIMIT;
}

function slowOf(packed: number): number {
  return Math.floor(packed / ONE_SLOW);
}

export { COUNT_LIMIT, COUNT_STOP, ONE_CALL, ONE_FAILURE, ONE_SLOW, callsOf, failuresOf, packCounts, slowOf };
