import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "./hash-text.ts";
import { createMaglevBuild, type MaglevBuild } from "./maglev.ts";

function tableOf(keys: readonly string[], weights: readonly number[] = keys.map(() => 1)): readonly number[] {
  const build = createMaglevBuild(keys, weights);
  while (!build.step(100_000));
  return build.table;
}

const keysOf = (count: number) => Array.from({ length: count }, (_, n) => `10.${n >> 8}.${n & 255}.1:8080`);

function slotsOf(table: readonly number[], count: number): number[] {
  const slots = Array.from({ length: count }, () => 0);
  for (const peer of table) slots[peer]! += 1;
  return slots;
}

/** The part of the slots whose peer's key is another one in the second table. */
function moved(a: readonly number[], aKeys: readonly string[], b: readonly number[], bKeys: readonly string[]): number {
  expect(b.length).toBe(a.length);
  return a.filter((peer, slot) => aKeys[peer] !== bKeys[b[slot]!]).length / a.length;
}

describe("the table", () => {
  it.each([1, 2, 3, 10, 100, 655, 656, 2000])("of %d equal peers gives each the same, but for one slot", (count) => {
    const table = tableOf(keysOf(count));
    const slots = slotsOf(table, count);
    expect(slots.reduce((sum, each) => sum + each)).toBe(table.length);
    expect(Math.max(...slots) - Math.min(...slots)).toBeLessThanOrEqual(1);
    expect((Math.max(...slots) * count) / table.length).toBeLessThan(1.01);
  });

  it("is coarser with 5,000, but never by more than 2 percent", () => {
    const table = tableOf(keysOf(5000));
    const slots = slotsOf(table, 5000);
    expect((Math.max(...slots) * 5000) / table.length).toBeLessThan(1.02);
  });

  it("has a prime number of slots, a hundred for each of up to 2,621 peers", () => {
    for (const count of [1, 655, 656, 2621]) {
      const size = tableOf(keysOf(count)).length;
      expect(size).toBeGreaterThanOrEqual(100 * count);
      for (let divisor = 2; divisor * divisor <= size; divisor++) expect(size % divisor).not.toBe(0);
    }
  });

  it("follows weights", () => {
    const weight = fc.double({ min: 0.05, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 20 }), (weights) => {
        const table = tableOf(keysOf(weights.length), weights);
        const total = weights.reduce((sum, each) => sum + each);
        slotsOf(table, weights.length).forEach((slots, peer) => {
          const share = (table.length * weights[peer]!) / total;
          // The lighter ones begin with a slot each, which the others go without.
          expect(Math.abs(slots - share)).toBeLessThanOrEqual(2 + (weights.length * weights[peer]!) / total);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("is empty without peers", () => {
    expect(tableOf([])).toEqual([]);
  });
});

describe("disruption", () => {
  it.each([2, 3, 5, 10, 50, 100, 600, 1000])(
    "one of %d that goes moves its slots, and one in a hundred of all at most",
    (count) => {
      const keys = keysOf(count);
      const table = tableOf(keys);
      const middle = count >> 1;
      const left = keys.filter((_, peer) => peer !== middle);
      const part = moved(table, keys, tableOf(left), left);
      expect(part).toBeGreaterThan(0.99 / count);
      expect(part).toBeLessThan(1 / count + 0.01);
    },
  );

  it("a weight that changes by half moves little more than what it gains", () => {
    const keys = keysOf(10);
    const weights = keys.map((_, peer) => (peer === 3 ? 1.5 : 1));
    // From 10 % of the slots to 14.3 %.
    expect(moved(tableOf(keys), keys, tableOf(keys, weights), keys)).toBeLessThan(0.06);
  });
});

describe("order", () => {
  /** Each pair shares a hash: found by search. */
  const TWINS = twins(2);

  function twins(pairs: number): string[] {
    const seen = new Map<number, string>();
    const found: string[] = [];
    for (let n = 0; found.length < 2 * pairs; n++) {
      const key = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}:80`;
      const hash = hashText(key);
      const other = seen.get(hash);
      if (other !== undefined) found.push(other, key);
      seen.set(hash, key);
    }
    return found;
  }

  it("of the peers does not matter, not even of those that share a hash", () => {
    const keys = [...keysOf(7), ...TWINS];
    const weightOf = (key: string) => 1 + (key.length % 3);
    const byKey = (order: readonly string[]) => tableOf(order, order.map(weightOf)).map((peer) => order[peer]);
    const first = byKey(keys);
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: keys.length }), (order) => {
        expect(byKey(order)).toEqual(first);
      }),
      { numRuns: 10 },
    );
  });
});

describe("building in parts", () => {
  const keys = keysOf(20);

  /** How many parts it takes. */
  function parts(build: MaglevBuild, steps: number): number {
    let turns = 1;
    while (!build.step(steps)) turns += 1;
    return turns;
  }

  it("gives the same table, whatever the parts", () => {
    const whole = tableOf(keys);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 30_000 }), { minLength: 1 }), (sizes) => {
        const build = createMaglevBuild(
          keys,
          keys.map(() => 1),
        );
        for (let turn = 0; !build.step(sizes[turn % sizes.length]!); turn++);
        expect(build.table).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it("looks at no more slots in a part than it may: small parts take as many steps as large ones", () => {
    const build = () =>
      createMaglevBuild(
        keys,
        keys.map(() => 1),
      );
    const large = parts(build(), 1000) * 1000;
    // Each slot is made, and then looked at some ln(slots) times.
    expect(large).toBeGreaterThan(2 * 65521);
    expect(large).toBeLessThan(20 * 65521);
    expect(parts(build(), 50) * 50).toBeGreaterThan(large - 1000);
  });

  it("goes on saying that it is done", () => {
    const build = createMaglevBuild(["a"], [1]);
    parts(build, 100_000);
    expect(build.step(1)).toBe(true);
    expect(createMaglevBuild([], []).step(1)).toBe(true);
  });
});
