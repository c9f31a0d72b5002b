import type { Candidate } from "./candidate.ts";

/**
 * Latency of a peer as an average that forgets with time but believes bad news at once, and what a request costs there.
 * Source: Finagle, finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/PeakEwma.scala.
 */

/**
 * What an answer is taken for at least: half of a millisecond, which is the step of nginx's clock. A peer whose answers all
 * take 0 would else cost nothing, however many requests are with it.
 */
const LEAST_SECONDS = 0.0005;

/** The part of an old value that counts still; a clock that was set back counts as one that stood still. */
function remainder(sinceSeconds: number, nowSeconds: number, decaySeconds: number): number {
  const elapsed = nowSeconds - sinceSeconds;
  return elapsed > 0 ? Math.exp(-elapsed / decaySeconds) : 1;
}

/**
 * Takes in how long an answer took: a sample above the average becomes the average; one below pulls it down,
 * `average·w + sample·(1 - w)` with `w = e^(-elapsed / decay)`, by the time since the last sample and not by their number.
 * @param sampleSeconds 0 or more
 * @param decaySeconds above 0: after so long a value counts 1/e
 */
function observeLatency(candidate: Candidate, sampleSeconds: number, nowSeconds: number, decaySeconds: number): void {
  const average = candidate.latencySeconds;
  if (sampleSeconds >= average) {
    candidate.latencySeconds = sampleSeconds;
  } else {
    const kept = remainder(candidate.observedAtSeconds, nowSeconds, decaySeconds);
    candidate.latencySeconds = average * kept + sampleSeconds * (1 - kept);
  }
  candidate.observedAtSeconds = nowSeconds;
}

/**
 * What one more request costs there: `latency·(inFlight + 1) / weight`. A peer without observations is taken for one of
 * `unknownSeconds`.
 *
 * A peer that has nothing to do gets cheaper by `e^(-elapsed / decay)`, down to nothing: else one that was slow once would
 * never be asked again where the others are faster, and never be seen to have recovered. Toward the mean would not do: with
 * few requests under way the mean is still dearer than the fastest. With Finagle this holds for busy peers too; then all
 * requests that come after a pause run to the peer that was idle longest, until it answers. Here the first one makes it cost
 * what is remembered of it: who was slow, and who is new, is tried with one request at a time.
 * @param unknownSeconds see `meanLatency`
 */
function latencyCost(candidate: Candidate, nowSeconds: number, decaySeconds: number, unknownSeconds: number): number {
  const { latencySeconds, inFlight, weight } = candidate;
  let latency = latencySeconds < 0 ? unknownSeconds : latencySeconds;
  if (latency < LEAST_SECONDS) {
    latency = LEAST_SECONDS;
  }
  if (inFlight > 0) {
    return (latency * (inFlight + 1)) / weight;
  }
  return (latency * remainder(candidate.observedAtSeconds, nowSeconds, decaySeconds)) / weight;
}

/** The mean of the known latencies, each counted once; half a millisecond where none is known. O(n) */
function meanLatency(candidates: readonly Candidate[]): number {
  let sum = 0;
  let known = 0;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate !== undefined && candidate.latencySeconds >= 0) {
      sum += candidate.latencySeconds;
      known += 1;
    }
  }
  const mean = known > 0 ? sum / known : 0;
  return mean > LEAST_SECONDS ? mean : LEAST_SECONDS;
}

/** How many latencies that is the mean of. O(n) */
function knownLatencies(candidates: readonly Candidate[]): number {
  let known = 0;
  for (let i = 0; i < candidates.length; i++) {
    if ((candidates[i]?.latencySeconds ?? -1) >= 0) {
      known += 1;
    }
  }
  return known;
}

/** The mean with one more latency in it. @param known of how many it was the mean; of 0 it was only a guess */
function meanWithOneMore(meanSeconds: number, known: number, sampleSeconds: number): number {
  const mean = (meanSeconds * known + sampleSeconds) / (known + 1);
  return mean > LEAST_SECONDS ? mean : LEAST_SECONDS;
}

export { knownLatencies, latencyCost, meanLatency, meanWithOneMore, observeLatency };
