import type { Candidate } from "./candidate.ts";
import { mixHash } from "./hash-text.ts";

/**
 * Consistent hashing with bounded loads: a request goes to the peer its hash leads to, unless that has more than its share of
 * the requests under way; then to the next one that its hash leads to.
 * Source: V. Mirrokni, M. Thorup, M. Zadimoghaddam, Consistent Hashing with Bounded Loads, SODA 2018.
 */
interface HashCandidate extends Candidate {
  /** Others are passed over. The table is made of all, so that who is away for a while keeps its keys. */
  readonly available: boolean;
}

/**
 * How many slots are looked at. Of the available weight at least 1 - 1/factor has room: with the usual 1.25 a fifth, and
 * then one request in 1,200 finds none in 32 slots.
 */
const PROBES = 32;

function slotOf(hash: number, size: number): number {
  return hash - size * Math.floor(hash / size);
}

function isUsable(candidate: HashCandidate, serial: number): boolean {
  return candidate.available && candidate.excludedIn !== serial;
}

/** The first one that is usable, from a place on that the hash decides. */
function search<C extends HashCandidate>(candidates: readonly C[], hash: number, serial: number): C | undefined {
  const count = candidates.length;
  let at = count > 0 ? slotOf(hash, count) : 0;
  for (let i = 0; i < count; i++) {
    const candidate = candidates[at];
    if (candidate !== undefined && isUsable(candidate, serial)) {
      return candidate;
    }
    at = at + 1 < count ? at + 1 : 0;
  }
  return undefined;
}

/**
 * Looks at slots until one has room; what has none is still better than nothing: the least loaded of what was seen. Each slot
 * comes from a hash of its own: neighbors in a Maglev table depend on each other, and one peer would get up to 2.6 times its
 * part of what another one cannot take.
 */
function walk<C extends HashCandidate>(
  candidates: readonly C[],
  table: readonly number[],
  hash: number,
  serial: number,
  roomPerWeight: number,
): C | undefined {
  const size = table.length;
  let mixture = hash;
  let best: C | undefined;
  let bestLoad = 0;
  for (let i = 1; i <= PROBES; i++) {
    const candidate = candidates[table[slotOf(mixture, size)] ?? 0];
    if (candidate !== undefined && isUsable(candidate, serial)) {
      const load = candidate.inFlight / candidate.weight;
      if (load < roomPerWeight) {
        return candidate;
      }
      if (best === undefined || load < bestLoad) {
        best = candidate;
        bestLoad = load;
      }
    }
    mixture = mixHash(hash, i);
  }
  return best;
}

/**
 * The candidate for a hash. It has room when `inFlight + 1 <= ceil(factor · (totalInFlight + 1) · weight / totalWeight)`,
 * which of whole numbers says the same as `inFlight < factor · (totalInFlight + 1) · weight / totalWeight`.
 * @param table of `createMaglevBuild`, with numbers of `candidates`; empty: the hash alone decides, without bounds
 * @param hash a whole number, 0 or more
 * @param balanceFactor above 1
 * @param totalInFlight requests with all available candidates
 * @param totalWeight of all available candidates: with those of others in it, all seem to have more than their share
 * @returns undefined when no candidate is available and not excluded for `serial`
 */
function pickBounded<C extends HashCandidate>(
  candidates: readonly C[],
  table: readonly number[],
  hash: number,
  serial: number,
  balanceFactor: number,
  totalInFlight: number,
  totalWeight: number,
): C | undefined {
  const size = table.length;
  if (size > 0) {
    const roomPerWeight = (balanceFactor * (totalInFlight + 1)) / totalWeight;
    const first = candidates[table[slotOf(hash, size)] ?? 0];
    if (first !== undefined && isUsable(first, serial) && first.inFlight < roomPerWeight * first.weight) {
      return first;
    }
    const found = walk(candidates, table, hash, serial, roomPerWeight);
    if (found !== undefined) {
      return found;
    }
  }
  const left = search(candidates, hash, serial);
  return left;
}

export { pickBounded };
export type { HashCandidate };
