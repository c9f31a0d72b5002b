/**
 * How long a breaker stays open: `min(max, seconds * multiplier^(attempt - 1))`, spread by `jitter` so that gateways
 * do not probe in step (exponential backoff as in resilience4j's IntervalFunction.ofExponentialRandomBackoff).
 * The powers are multiplied out: `pow` may differ in its last digit between runtimes.
 * @param attempt from 1
 * @param seconds first open time, above 0
 * @param multiplier at least 1
 * @param maxSeconds at least `seconds`
 * @param jitter 0 to below 1
 * @param random in [0, 1)
 * @returns between `seconds * (1 - jitter)` and `maxSeconds * (1 + jitter)`
 */
function openSeconds(
  attempt: number,
  seconds: number,
  multiplier: number,
  maxSeconds: number,
  jitter: number,
  random: number,
): number {
  let base = seconds;
  // A multiplier above 1 reaches the maximum or changes nothing any more; 1 never changes anything.
  if (multiplier > 1) {
    for (let power = 1; power < attempt && base < maxSeconds; power++) {
      base *= multiplier;
    }
  }
  if (base > maxSeconds) {
    base = maxSeconds;
  }
  return base * (1 + jitter * (2 * random - 1));
}

export { openSeconds };
