/** What is let through right after closing: enough to learn whether the upstream bears more. */
const FIRST_SHARE = 0.1;

/**
 * The share of requests to admit while recovering: rises in a straight line with time, from a tenth to all
 * (Envoy's slow start with aggression 1, min_weight_percent 10).
 * @param elapsedSeconds since closing; negative (a clock set back) counts as 0
 * @param recoverySeconds 0: all at once
 * @returns 0.1 to 1
 */
function recoveryShare(elapsedSeconds: number, recoverySeconds: number): number {
  if (elapsedSeconds >= recoverySeconds) {
    return 1;
  }
  const share = elapsedSeconds / recoverySeconds;
  return share > FIRST_SHARE ? share : FIRST_SHARE;
}

export { recoveryShare };
