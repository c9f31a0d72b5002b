/**
 * How long and how many peers are ejected: Envoy's outlier detection
 * (https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier, `ejectHost` and `onIntervalTimer` of
 * source/common/upstream/outlier_detection_impl.cc), except for the last peer, which Envoy would eject.
 */

/** Peers that were ejected together come back spread over this share of the time more. */
const JITTER = 0.1;

/** No ejection is longer. @param maxSeconds `max_eject_seconds`; less than `ejectSeconds` counts as that */
function longestEjection(ejectSeconds: number, maxSeconds: number): number {
  return (maxSeconds > ejectSeconds ? maxSeconds : ejectSeconds) * (1 + JITTER);
}

/**
 * `min(ejectSeconds * count, maxSeconds)` and up to a tenth more.
 * @param ejectSeconds above 0
 * @param count how often the peer was ejected, this time included: from 1
 * @param random in [0, 1)
 * @returns from `ejectSeconds` to `longestEjection`
 */
function ejectionSeconds(ejectSeconds: number, count: number, maxSeconds: number, random: number): number {
  const most = maxSeconds > ejectSeconds ? maxSeconds : ejectSeconds;
  const base = ejectSeconds * count;
  return (base < most ? base : most) * (1 + JITTER * random);
}

/**
 * The multiplier of a peer that is ejected once more. It grows no further than the time does, so that it takes as many quiet
 * intervals to get down from the longest time as there were steps up to it.
 */
function nextCount(count: number, ejectSeconds: number, maxSeconds: number): number {
  const most = Math.ceil((maxSeconds > ejectSeconds ? maxSeconds : ejectSeconds) / ejectSeconds);
  return count + 1 < most ? count + 1 : most;
}

/**
 * The multiplier after one more interval: one less when the peer was not ejected in all of it. A peer that returned in what is
 * now the future did so before the clock was set back.
 */
function calmerCount(count: number, returnedSeconds: number, nowSeconds: number, intervalSeconds: number): number {
  const elapsed = nowSeconds - returnedSeconds;
  return count > 0 && (elapsed >= intervalSeconds || elapsed < 0) ? count - 1 : count;
}

/** How many peers of `total` may be ejected at once: one always (`always_eject_one_host`), more as far as `percent` goes. */
function mostEjected(percent: number, total: number): number {
  const share = Math.floor((percent * total) / 100);
  return share > 1 ? share : 1;
}

/**
 * Whether one more may be ejected.
 * @param ejected how many of `total` are
 * @param othersAvailable whether any peer but this one takes requests: the last one is never ejected
 */
function mayEject(percent: number, total: number, ejected: number, othersAvailable: boolean): boolean {
  return othersAvailable && ejected < mostEjected(percent, total);
}

export { calmerCount, ejectionSeconds, longestEjection, mayEject, mostEjected, nextCount };
