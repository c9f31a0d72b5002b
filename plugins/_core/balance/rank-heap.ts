/**
 * A binary heap: the lowest rank comes first, of equal ranks the lowest place. Its rows lie in three columns, which in LuaJIT
 * are plain arrays: 24 to 48 bytes a row.
 */
interface RankHeap<E> {
  readonly entries: E[];
  readonly ranks: number[];
  readonly places: number[];
  /** The first so many rows are the heap; the rows behind it are set aside. */
  size: number;
  /** All rows: to ask a Lua table for its length is a search. */
  rows: number;
}

function newRankHeap<E>(): RankHeap<E> {
  return { entries: [], ranks: [], places: [], size: 0, rows: 0 };
}

function isBefore<E>(heap: RankHeap<E>, a: number, b: number): boolean {
  const { ranks, places } = heap;
  const first = ranks[a] ?? 0;
  const second = ranks[b] ?? 0;
  return first < second || (first === second && (places[a] ?? 0) < (places[b] ?? 0));
}

function swapRows<E>(heap: RankHeap<E>, a: number, b: number): void {
  const { entries, ranks, places } = heap;
  const entry = entries[a];
  const other = entries[b];
  if (entry !== undefined && other !== undefined) {
    entries[a] = other;
    entries[b] = entry;
    const rank = ranks[a] ?? 0;
    ranks[a] = ranks[b] ?? 0;
    ranks[b] = rank;
    const place = places[a] ?? 0;
    places[a] = places[b] ?? 0;
    places[b] = place;
  }
}

// `rise` and `sink` call themselves instead of looping. LuaJIT compiles that as a loop too; but a loop that ends after one or
// two rounds it fails to compile so often that it gives up on the function, and then on all that call it.

// `rise` and `sink` call themselves in tail position, which LuaJIT compiles as a loop. A loop that is mostly left after one
// or two rounds it tries in vain to compile, until it gives up on the function and then on all that call it: measured with
// a rotation of ten, three times as slow.

function rise<E>(heap: RankHeap<E>, at: number): number {
  const parent = Math.floor((at - 1) / 2);
  if (at === 0 || !isBefore(heap, at, parent)) {
    return at;
  }
  swapRows(heap, at, parent);
  return rise(heap, parent);
}

function sink<E>(heap: RankHeap<E>, at: number): number {
  const left = 2 * at + 1;
  if (left >= heap.size) {
    return at;
  }
  const right = left + 1;
  const child = right < heap.size && isBefore(heap, right, left) ? right : left;
  if (!isBefore(heap, child, at)) {
    return at;
  }
  swapRows(heap, child, at);
  return sink(heap, child);
}

/** Adds a row, while none is set aside. O(log n) */
function addRow<E>(heap: RankHeap<E>, entry: E, rank: number, place: number): void {
  heap.entries.push(entry);
  heap.ranks.push(rank);
  heap.places.push(place);
  heap.rows += 1;
  heap.size = heap.rows;
  rise(heap, heap.size - 1);
}

/** Gives the first row a higher rank. O(log n) */
function deferFirst<E>(heap: RankHeap<E>, rank: number): void {
  heap.ranks[0] = rank;
  sink(heap, 0);
}

/** Moves the first row behind the heap, before those set aside earlier: done with all, the rows stand in falling order. O(log n) */
function setFirstAside<E>(heap: RankHeap<E>): void {
  heap.size -= 1;
  swapRows(heap, 0, heap.size);
  sink(heap, 0);
}

/** Takes back all rows set aside, with `lowest` in place of a lower rank. O(log n) each */
function takeBack<E>(heap: RankHeap<E>, lowest: number): void {
  const { ranks } = heap;
  while (heap.size < heap.rows) {
    const at = heap.size;
    if ((ranks[at] ?? 0) < lowest) {
      ranks[at] = lowest;
    }
    heap.size = at + 1;
    rise(heap, at);
  }
}

export { addRow, deferFirst, newRankHeap, setFirstAside, takeBack };
export type { RankHeap };
