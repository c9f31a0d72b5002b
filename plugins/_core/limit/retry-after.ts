/** A tenth of the wait, but a second at least and a minute at most. */
const SPREAD_SHARE = 0.1;
const MAX_SPREAD_SECONDS = 60;

/**
 * The value of Retry-After (RFC 9110, 10.2.3: whole seconds): never earlier than the true time, and spread over a while after it,
 * so that clients that were refused together do not come back together.
 * @param waitSeconds until it can pass, at least 0
 * @param random uniform in [0, 1)
 */
function retryAfterSeconds(waitSeconds: number, random: number): number {
  const wait = waitSeconds > 1 ? Math.ceil(waitSeconds) : 1;
  let spread = Math.ceil(wait * SPREAD_SHARE);
  if (spread > MAX_SPREAD_SECONDS) {
    spread = MAX_SPREAD_SECONDS;
  }
  return wait + Math.floor(random * (spread + 1));
}

export { retryAfterSeconds };
