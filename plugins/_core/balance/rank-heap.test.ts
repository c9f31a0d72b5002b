import fc from "fast-check";
import { expect, it } from "vitest";
import { addRow, deferFirst, newRankHeap, setFirstAside, takeBack, type RankHeap } from "./rank-heap.ts";

interface Row {
  rank: number;
  readonly place: number;
}

const step = fc.oneof(
  fc.record({ do: fc.constant("defer" as const), by: fc.nat(5) }),
  fc.record({ do: fc.constant("aside" as const) }),
  fc.record({ do: fc.constant("back" as const), lowest: fc.nat(20) }),
);

function inOrder(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.rank - b.rank || a.place - b.place);
}

function heapOf(ranks: readonly number[]): { readonly heap: RankHeap<Row>; readonly rows: Row[] } {
  const heap = newRankHeap<Row>();
  const rows = ranks.map((rank, place) => ({ rank, place }));
  for (const row of rows) addRow(heap, row, row.rank, row.place);
  return { heap, rows };
}

it("has the lowest first, whatever is deferred, set aside and taken back", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10), { minLength: 1 }), fc.array(step), (ranks, steps) => {
      const { heap, rows } = heapOf(ranks);
      let inside = inOrder(rows);
      let aside: Row[] = [];
      for (const action of steps) {
        const [first] = inside;
        if (action.do === "back") {
          for (const row of aside) row.rank = Math.max(row.rank, action.lowest);
          inside = inOrder([...inside, ...aside]);
          aside = [];
          takeBack(heap, action.lowest);
        } else if (first !== undefined && action.do === "aside") {
          inside = inside.slice(1);
          aside.push(first);
          setFirstAside(heap);
        } else if (first !== undefined && action.do === "defer" && aside.length === 0) {
          first.rank += action.by;
          inside = inOrder(inside);
          deferFirst(heap, first.rank);
        }
        expect(heap.size).toBe(inside.length);
        if (inside.length > 0) expect(heap.entries[0]).toBe(inside[0]);
      }
    }),
  );
});

it("sorts: with all set aside the rows stand in falling order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10)), (ranks) => {
      const { heap, rows } = heapOf(ranks);
      while (heap.size > 0) setFirstAside(heap);
      expect(heap.entries).toEqual(inOrder(rows).reverse());
    }),
  );
});
