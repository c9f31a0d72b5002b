const LEAST_SECONDS = 1;
const MOST_SECONDS = 30;
/** From this many on the wait is as long as it gets: 2^5 is above 30. */
const ENOUGH_FAILURES = 5;

/**
 * Seconds to wait after `failures` failures in a row: anything from 1 s to a bound that doubles with each, up to 30 s. That it
 * may be anything ("full jitter") keeps many who failed at once from trying again at once
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param failures from 1
 * @param random in [0, 1)
 */
function backOffSeconds(failures: number, random: number): number {
  const bound = failures >= ENOUGH_FAILURES ? MOST_SECONDS : Math.pow(2, failures);
  return LEAST_SECONDS + random * (bound - LEAST_SECONDS);
}

/**
 * A wait that is up to a tenth longer, so that what began together does not go on together.
 * @param random in [0, 1)
 */
function spreadSeconds(seconds: number, random: number): number {
  return seconds * (1 + random / 10);
}

export { backOffSeconds, spreadSeconds };
