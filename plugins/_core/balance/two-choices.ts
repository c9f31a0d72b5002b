import type { Candidate, NextRandom } from "./candidate.ts";
import { latencyCost } from "./peak-ewma.ts";

/**
 * The power of two choices: of two candidates drawn at random the cheaper one. Almost as even as to look at all of them, in
 * constant time, and without all workers running to the same cheapest one.
 * Source: M. Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 12(10), 2001.
 */

/** Draws before all candidates are looked through: with half of them excluded, one draw in 64 comes to that. */
const DRAWS = 6;

const NONE = -1;

/** The first index that is not excluded and not `taken`, from a random one on; `NONE` when there is none. */
function search(candidates: readonly Candidate[], serial: number, random: NextRandom, taken: number): number {
  const count = candidates.length;
  let at = Math.floor(random() * count);
  for (let i = 0; i < count; i++) {
    const candidate = candidates[at];
    if (at !== taken && candidate !== undefined && candidate.excludedIn !== serial) {
      return at;
    }
    at = at + 1 < count ? at + 1 : 0;
  }
  return NONE;
}

/**
 * The index of a candidate that is not excluded, each equally likely; `NONE` when there is none.
 * @param taken an index that is not to be drawn, or `NONE`
 * @param draws how many to do before all are looked through
 */
function draw(
  candidates: readonly Candidate[],
  serial: number,
  random: NextRandom,
  taken: number,
  draws: number,
): number {
  const choices = taken === NONE ? candidates.length : candidates.length - 1;
  let at = Math.floor(random() * choices);
  if (taken !== NONE && at >= taken) {
    at += 1;
  }
  const candidate = candidates[at];
  if (candidate !== undefined && candidate.excludedIn !== serial) {
    return at;
  }
  // Itself in tail position rather than a loop: see rank-heap.ts.
  if (draws > 1) {
    return draw(candidates, serial, random, taken, draws - 1);
  }
  return search(candidates, serial, random, taken);
}

function requestCost(candidate: Candidate): number {
  return (candidate.inFlight + 1) / candidate.weight;
}

/**
 * The one of two with fewer requests under way for its weight: `(inFlight + 1) / weight`. Weights count under load: of idle
 * candidates the heavier is taken.
 * @returns undefined when all are excluded for `serial`, or there are none
 */
function pickLeastRequest<C extends Candidate>(
  candidates: readonly C[],
  serial: number,
  random: NextRandom,
): C | undefined {
  const at = draw(candidates, serial, random, NONE, DRAWS);
  const first = candidates[at];
  const other = candidates.length > 1 && first !== undefined ? draw(candidates, serial, random, at, DRAWS) : NONE;
  const second = candidates[other];
  if (first !== undefined && second !== undefined && requestCost(second) < requestCost(first)) {
    return second;
  }
  return first;
}

/**
 * The one of two where a request costs less by its latency and what is under way there; see `latencyCost`.
 * @returns undefined when all are excluded for `serial`, or there are none
 */
function pickPeakEwma<C extends Candidate>(
  candidates: readonly C[],
  serial: number,
  nowSeconds: number,
  decaySeconds: number,
  unknownSeconds: number,
  random: NextRandom,
): C | undefined {
  const at = draw(candidates, serial, random, NONE, DRAWS);
  const first = candidates[at];
  const other = candidates.length > 1 && first !== undefined ? draw(candidates, serial, random, at, DRAWS) : NONE;
  const second = candidates[other];
  if (
    first !== undefined &&
    second !== undefined &&
    latencyCost(second, nowSeconds, decaySeconds, unknownSeconds) <
      latencyCost(first, nowSeconds, decaySeconds, unknownSeconds)
  ) {
    return second;
  }
  return first;
}

export { pickLeastRequest, pickPeakEwma };
