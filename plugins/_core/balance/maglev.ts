import { hashText, mixHash } from "./hash-text.ts";
import { addRow, newRankHeap, setFirstAside } from "./rank-heap.ts";

/**
 * A table from hashes to peers in which each peer has its share of the slots, and which changes little when a peer comes or
 * goes: peers take turns, and each takes the next free slot of its own sequence.
 * Sources: Eisenbud et al., Maglev: A Fast and Reliable Software Network Load Balancer, NSDI 2016, 3.4; weights as Envoy has
 * them, source/extensions/load_balancing_policies/maglev/maglev_lb.cc.
 *
 * Equal weights make slots differ by at most one between peers. Of n peers one more or less moves 1/n of the slots, and as
 * many again as the table is coarse: with 100 slots a peer about 2 % of all, with 10,000 well below 1 %.
 */

/**
 * Primes, so that every stride visits all slots; just below a power of two, since a Lua table grows to one: half a megabyte
 * and two. Only two sizes, and by the number of peers alone: where the size changes nearly all keys move, and workers and
 * gateways that see the same peers must agree.
 */
const SIZE = 65521;
const LARGE_SIZE = 262139;

/** With fewer slots a peer than this the large table is taken. */
const SLOTS_PER_PEER = 100;

/** A slot that nobody has taken yet. */
const FREE = -1;

/** @noSelf */
interface MaglevBuild {
  /**
   * Does a part of the work.
   * @param maxSteps how many slots to look at: twenty nanoseconds each, for which a large table is to blame
   * @returns true when the table is complete
   */
  step(maxSteps: number): boolean;
  /** By hash modulo its length: the number of the peer. Only when it is complete. Empty when there are no peers. */
  readonly table: readonly number[];
}

function remainderOf(value: number, divisor: number): number {
  return value - divisor * Math.floor(value / divisor);
}

/** The numbers of the keys in an order that does not depend on theirs. */
function sortedByHash(keys: readonly string[], hashes: readonly number[]): readonly number[] {
  const heap = newRankHeap<number>();
  for (let i = 0; i < keys.length; i++) {
    addRow(heap, i, hashes[i] ?? 0, i);
  }
  while (heap.size > 0) {
    setFirstAside(heap);
  }
  // Of different keys two may share a hash.
  const order = heap.entries;
  for (let i = 1; i < order.length; i++) {
    const number = order[i] ?? 0;
    let at = i;
    let before = order[at - 1];
    while (before !== undefined && hashes[before] === hashes[number] && (keys[before] ?? "") > (keys[number] ?? "")) {
      order[at] = before;
      at -= 1;
      before = order[at - 1];
    }
    order[at] = number;
  }
  return order;
}

function slotsFor(peers: number): number {
  return peers * SLOTS_PER_PEER <= SIZE ? SIZE : LARGE_SIZE;
}

function heaviestOf(weights: readonly number[]): number {
  let heaviest = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    heaviest = weight > heaviest ? weight : heaviest;
  }
  return heaviest;
}

/**
 * Begins a table; nothing but the order of the peers is made at once, in O(n log n). The rest takes some
 * `slots · (ln(slots) + heaviest / mean weight)` steps: ten milliseconds up to 655 peers, eighty beyond.
 * @param keys of the peers, all different; the table holds their numbers here
 * @param weights of the peers, above 0
 */
function createMaglevBuild(keys: readonly string[], weights: readonly number[]): MaglevBuild {
  const count = keys.length;
  const size = count > 0 ? slotsFor(count) : 0;
  const heaviest = heaviestOf(weights);
  const table: number[] = [];
  const hashes: number[] = [];
  /** Of each peer: the next slot of its sequence, the sequence's stride, and when it has a turn again. */
  const slots: number[] = [];
  const strides: number[] = [];
  const turns: number[] = [];
  for (let i = 0; i < count; i++) {
    const hash = hashText(keys[i] ?? "");
    hashes.push(hash);
    slots.push(remainderOf(hash, size));
    strides.push(1 + remainderOf(mixHash(hash, 1), size - 1));
    turns.push(0);
  }
  const order = sortedByHash(keys, hashes);
  let laid = 0;
  let taken = 0;
  let round = 1;
  let rank = 0;

  /** Makes slots that nobody has yet, while there are steps left; gives how many are left then. */
  function layFree(steps: number): number {
    const end = laid + steps < size ? laid + steps : size;
    const left = steps - (end - laid);
    for (let slot = laid; slot < end; slot++) {
      table[slot] = FREE;
    }
    laid = end;
    return left;
  }

  function endTurn(): void {
    rank += 1;
    if (rank === count) {
      rank = 0;
      round += 1;
    }
  }

  /** The peer takes the next free slot of its sequence, if it comes to one in so many steps; gives how many are left then. */
  function take(peer: number, steps: number): number {
    const stride = strides[peer] ?? 0;
    let slot = slots[peer] ?? 0;
    let left = steps;
    while (table[slot] !== FREE && left > 0) {
      slot += stride;
      if (slot >= size) {
        slot -= size;
      }
      left -= 1;
    }
    slots[peer] = slot;
    if (table[slot] === FREE) {
      table[slot] = peer;
      taken += 1;
      turns[peer] = (turns[peer] ?? 0) + heaviest;
      endTurn();
    }
    return left;
  }

  return {
    step: (maxSteps) => {
      let left = layFree(maxSteps);
      while (left > 0 && taken < size) {
        left -= 1;
        const peer = order[rank] ?? 0;
        // The heaviest has a turn in each round, others more rarely.
        if (round * (weights[peer] ?? 0) < (turns[peer] ?? 0)) {
          endTurn();
        } else {
          left = take(peer, left);
        }
      }
      return taken === size;
    },
    table,
  };
}

export { createMaglevBuild };
export type { MaglevBuild };
