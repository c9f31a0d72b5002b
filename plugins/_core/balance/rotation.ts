import type { Candidate, NextRandom } from "./candidate.ts";
import { addRow, deferFirst, newRankHeap, setFirstAside, takeBack } from "./rank-heap.ts";

/**
 * Weighted round robin by earliest deadline first: a candidate of weight w has a turn each 1/w of virtual time, and the
 * earliest turn is next. Sources: Envoy, source/common/upstream/edf_scheduler.h; gRFC A58.
 *
 * How even it is, while weights and the set stay and nobody is excluded: a span of virtual time t holds more than t·w - 1 and
 * fewer than t·w + 1 turns of each. So among any N picks in a row a candidate's count is off its share N·w/W by less than
 * 1 + w/m, where W is the sum of all weights and m their mean. Equal weights make it a plain rotation.
 * @noSelf
 */
interface Rotation<C extends Candidate> {
  /**
   * From now on these take turns. One that was there keeps the turn it waits for, or a nearer one if it has grown heavier; a
   * new one comes in somewhere within its first period. O(n log n) at worst.
   */
  reset(candidates: readonly C[]): void;
  /**
   * The next one that is not excluded for `serial`; undefined when there is none. Its weight is read here, for the wait
   * until its next turn. O((k + 1) log n), where k excluded ones come before it. Those are next as soon as they may be, but
   * once each: if they made up for all they missed, a peer that is back after a minute would get every request for a while.
   */
  pick(serial: number): C | undefined;
}

/**
 * What a newcomer's start within its period is moved on by, for each newcomer. No other step spreads any number of points as
 * evenly over a circle. Starts that are merely random leave gaps and bunches: beside one heavy candidate many light ones
 * should come evenly spaced.
 */
const GOLDEN_RATIO = 0.6180339887498949;

/** @param random where the newcomers' starts begin, so that several workers do not go in step */
function createRotation<C extends Candidate>(random: NextRandom): Rotation<C> {
  let heap = newRankHeap<C>();
  /** The deadline of the last one picked; no deadline is before it. */
  let virtualNow = 0;
  let start = random();

  /** Above 0, at most one period from now. */
  function newcomersDeadline(weight: number): number {
    start += GOLDEN_RATIO;
    start -= Math.floor(start);
    return virtualNow + (1 - start) / weight;
  }

  return {
    reset: (candidates) => {
      const { entries, ranks } = heap;
      for (let i = 0; i < entries.length; i++) {
        const candidate = entries[i];
        if (candidate !== undefined) {
          candidate.deadline = ranks[i] ?? 0;
        }
      }
      const next = newRankHeap<C>();
      for (let i = 0; i < candidates.length; i++) {
        const candidate = candidates[i];
        if (candidate !== undefined) {
          const { deadline, weight } = candidate;
          const latest = virtualNow + 1 / weight;
          const kept = deadline < latest ? deadline : latest;
          addRow(next, candidate, deadline > 0 ? kept : newcomersDeadline(weight), i);
          candidate.deadline = 0;
        }
      }
      for (let i = 0; i < entries.length; i++) {
        const candidate = entries[i];
        if (candidate !== undefined) {
          candidate.deadline = 0;
        }
      }
      heap = next;
    },
    pick: (serial) => {
      let first = heap.entries[0];
      while (heap.size > 0 && first !== undefined && first.excludedIn === serial) {
        setFirstAside(heap);
        first = heap.entries[0];
      }
      if (heap.size === 0 || first === undefined) {
        takeBack(heap, virtualNow);
        return undefined;
      }
      virtualNow = heap.ranks[0] ?? 0;
      deferFirst(heap, virtualNow + 1 / first.weight);
      takeBack(heap, virtualNow);
      return first;
    },
  };
}

export { createRotation };
export type { Rotation };
