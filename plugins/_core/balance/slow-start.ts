/** What a peer takes at least: a tenth of its weight, as Envoy's min_weight_percent. */
const LEAST_FACTOR = 0.1;

/**
 * The part of its weight that a new or recovered peer has: `max(0.1, (elapsed / window)^(1 / aggression))`.
 * Source: Envoy's slow start mode, docs/root/intro/arch_overview/upstream/load_balancing/slow_start.rst.
 * @param elapsedSeconds since it came. Below 0 (the clock was set back) it has just come; by more than a window, it came
 * long ago: or it would stay small for as long as the clock was set back
 * @param windowSeconds 0: none
 * @param aggression above 0; 1: in a straight line, above: faster at first
 * @returns 0.1 to 1
 */
function slowStartFactor(elapsedSeconds: number, windowSeconds: number, aggression: number): number {
  if (elapsedSeconds >= windowSeconds || elapsedSeconds < -windowSeconds) {
    return 1;
  }
  if (elapsedSeconds <= 0) {
    return LEAST_FACTOR;
  }
  const factor = Math.pow(elapsedSeconds / windowSeconds, 1 / aggression);
  return factor > LEAST_FACTOR ? factor : LEAST_FACTOR;
}

export { slowStartFactor };
