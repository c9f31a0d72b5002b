import type { Candidate, NextRandom } from "../../plugins/_core/balance/candidate.ts";

/** A candidate that nobody has asked yet. */
export interface TestCandidate extends Candidate {
  readonly id: number;
  available: boolean;
}

export function candidateOf(id: number, fields: Partial<TestCandidate> = {}): TestCandidate {
  return {
    id,
    available: true,
    weight: 1,
    inFlight: 0,
    excludedIn: 0,
    latencySeconds: -1,
    observedAtSeconds: 0,
    deadline: 0,
    ...fields,
  };
}

/** Candidates with these weights; their ids are their places. */
export function candidatesOf(weights: readonly number[]): TestCandidate[] {
  return weights.map((weight, id) => candidateOf(id, { weight }));
}

/** The same numbers in [0, 1) for the same seed: mulberry32, which is good enough for statistics. */
export function seededRandom(seed: number): NextRandom {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
