import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../test/harness/candidates.ts";
import { levelOf, levelThresholds, panics } from "./level-loads.ts";

/** Percent for each level, rounded as in Envoy's tables. */
function shares(available: readonly number[], all: readonly number[]): number[] {
  const thresholds = levelThresholds(available, all);
  return thresholds.map((threshold, level) => Math.round((threshold - (thresholds[level - 1] ?? 0)) * 100));
}

describe("levelThresholds", () => {
  it.each([
    [
      [100, 100],
      [100, 0],
    ],
    [
      [72, 100],
      [100, 0],
    ],
    [
      [71, 100],
      [99, 1],
    ],
    [
      [50, 100],
      [70, 30],
    ],
    [
      [25, 100],
      [35, 65],
    ],
    [
      [0, 100],
      [0, 100],
    ],
    // Together they bear less than all.
    [
      [25, 25],
      [50, 50],
    ],
    [
      [5, 0],
      [100, 0],
    ],
    [
      [0, 5],
      [0, 100],
    ],
    // Three levels.
    [
      [25, 50, 100],
      [35, 65, 0],
    ],
    [
      [20, 20, 10],
      [40, 40, 20],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ])("%j percent available: %j percent of the requests", (available, expected) => {
    expect(
      shares(
        available,
        available.map(() => 100),
      ),
    ).toEqual(expected);
  });

  it("a level without peers bears nothing", () => {
    expect(shares([0, 3], [0, 3])).toEqual([0, 100]);
    expect(levelThresholds([], [])).toEqual([]);
  });

  const level = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 1e6, noNaN: true }));

  it("leaves no request without a level that has somebody, and sends none to one that has nobody", () => {
    const draw = fc.oneof(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constant(1 - 2 ** -53));
    fc.assert(
      fc.property(fc.array(level, { maxLength: 6 }), draw, (levels, at) => {
        const available = levels.map(([part, all]) => part * all);
        const found = levelOf(
          levelThresholds(
            available,
            levels.map(([, all]) => all),
          ),
          at,
        );
        if (available.some((weight) => weight > 0)) expect(available[found]).toBeGreaterThan(0);
        else expect(found).toBe(-1);
      }),
      { numRuns: 2000 },
    );
  });

  it("rises, and ends at 1 where anything is available", () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 6 }), (levels) => {
        const thresholds = levelThresholds(
          levels.map(([part, all]) => part * all),
          levels.map(([, all]) => all),
        );
        thresholds.forEach((threshold, rank) => {
          expect(threshold).toBeGreaterThanOrEqual(thresholds[rank - 1] ?? 0);
          expect(threshold).toBeLessThanOrEqual(1);
        });
        expect(thresholds.at(-1)).toBe(levels.some(([part, all]) => part * all > 0) ? 1 : 0);
      }),
    );
  });
});

describe("levelOf", () => {
  it("draws each level as often as its share says", () => {
    const random = seededRandom(3);
    const thresholds = levelThresholds([50, 100, 100], [100, 100, 100]);
    const counts = [0, 0, 0];
    for (let i = 0; i < 10_000; i++) counts[levelOf(thresholds, random())]! += 1;
    expect(Math.abs(counts[0]! - 7000)).toBeLessThan(200);
    expect(counts[2]).toBe(0);
  });
});

describe("panics", () => {
  it.each([
    [5, 10, 50, false],
    [4, 10, 50, true],
    [0, 10, 50, true],
    [0, 10, 0, false],
    [0, 0, 50, false],
    [10, 10, 100, false],
    [9, 10, 100, true],
  ])("%d of %d are well, threshold %d: %s", (available, total, threshold, expected) => {
    expect(panics(available, total, threshold)).toBe(expected);
  });
});
