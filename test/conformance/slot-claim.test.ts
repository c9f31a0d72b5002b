import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimSlot, highestSlot, keepSlot } from "../../nginx/runtime/slot-claim.ts";
import { memoryStore, type MemoryStore } from "../harness/memory-store.ts";

/** Workers by pid, and a store that they share. */
function node() {
  let now = 1_700_000_000;
  const alive = new Set<number>();
  const store: MemoryStore = memoryStore(() => now);
  const isAlive = (pid: number): boolean => alive.has(pid);
  return {
    store,
    alive,
    isAlive,
    begin: (pid: number) => {
      alive.add(pid);
      return claimSlot(store, pid, isAlive);
    },
    keep: (pid: number, slot: number) => keepSlot(store, pid, isAlive, slot),
    highest: (own: number) => highestSlot(store, isAlive, own),
    pass: (seconds: number) => {
      now += seconds;
    },
  };
}

describe("slots of workers", () => {
  test("workers count from 0; who ends makes room, also long after", () => {
    const { begin, alive, pass } = node();
    expect([10, 11, 12].map(begin)).toEqual([0, 1, 2]);
    alive.delete(11);
    pass(100_000);
    expect([13, 14].map(begin)).toEqual([1, 3]);
  });

  test("the workers of before a reload keep theirs while they finish", () => {
    const { begin, keep, pass } = node();
    expect([1, 2, 3, 4].map(begin)).toEqual([0, 1, 2, 3]);
    pass(3600);
    expect([keep(1, 0), keep(4, 3)]).toEqual([0, 3]);
  });

  test("of two that find the same dead worker one takes its slot", () => {
    const { store, begin, alive } = node();
    begin(1);
    alive.delete(1);
    let other: number | undefined;
    store.interrupt = () => {
      // At the moment before the first one asks to be the heir.
      if (store.operations === seen + 2) {
        store.interrupt = undefined;
        other = begin(3);
      }
    };
    const seen = store.operations;
    expect([begin(2), other]).toEqual([1, 0]);
  });

  test("one whose slot was pushed out of memory claims another, or the same", () => {
    const { store, begin, keep } = node();
    begin(1);
    store.remove("slot:0");
    expect(keep(1, 0)).toBe(0);
    store.remove("slot:0");
    expect([begin(2), keep(1, 0), keep(2, 0)]).toEqual([0, 1, 0]);
  });

  test("the highest falls when those above have gone, and rises again", () => {
    const { store, begin, keep, alive, highest } = node();
    const slots = [1, 2, 3, 4, 5].map(begin);
    expect(highest(0)).toBe(4);
    for (const pid of [3, 4, 5]) alive.delete(pid);
    expect([highest(0), store.get("slot:highest")]).toEqual([1, 1]);
    // Somebody lowers it at the moment when another one claims: that one says it again.
    alive.add(5);
    expect([keep(5, slots[4] ?? 0), highest(0)]).toEqual([4, 4]);
    store.remove("slot:highest");
    expect(highest(1)).toBe(1);
  });

  test("there is an end to slots", () => {
    const { begin } = node();
    const slots = Array.from({ length: 1026 }, (_, index) => begin(index + 1));
    expect(slots.slice(-3)).toEqual([1023, 1024, 1024]);
  });

  test("whoever comes and goes, no two live workers share a slot, and slots stay few", () => {
    const step = fc.record({ ends: fc.nat(20), reads: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { begin, keep, alive, highest } = node();
        const slots = new Map<number, number>();
        let most = 0;
        for (const [index, { ends, reads }] of steps.entries()) {
          const dying = [...slots.keys()][ends];
          if (dying === undefined) slots.set(index + 1, begin(index + 1));
          else {
            alive.delete(dying);
            slots.delete(dying);
          }
          for (const [pid, slot] of slots) slots.set(pid, keep(pid, slot));
          most = Math.max(most, slots.size);
          const taken = [...slots.values()];
          expect(new Set(taken).size).toBe(taken.length);
          expect(Math.max(-1, ...taken)).toBeLessThan(most);
          if (reads && taken.length > 0) expect(highest(taken[0] ?? 0)).toBe(Math.max(...taken));
        }
      }),
    );
  });
});
