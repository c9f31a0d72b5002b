import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidatesOf, candidateOf, seededRandom, type TestCandidate } from "../../../test/harness/candidates.ts";
import { createRotation, type Rotation } from "./rotation.ts";

/** A start in [0, 1). */
const start = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const weight = fc.double({ min: 0.1, max: 100, noNaN: true });
const weights = fc.array(weight, { minLength: 1, maxLength: 12 });

function rotationOf(candidates: readonly TestCandidate[], random: number): Rotation<TestCandidate> {
  const rotation = createRotation<TestCandidate>(() => random);
  rotation.reset(candidates);
  return rotation;
}

/** The ids of the next ones; no serial is used twice. */
let serial = 0;
function next(rotation: Rotation<TestCandidate>, count: number, excluded: readonly TestCandidate[] = []): number[] {
  return Array.from({ length: count }, () => {
    serial += 1;
    for (const candidate of excluded) candidate.excludedIn = serial;
    return rotation.pick(serial)?.id ?? -1;
  });
}

function counts(picks: readonly number[], size: number): number[] {
  return Array.from({ length: size }, (_, id) => picks.filter((pick) => pick === id).length);
}

function longestRun(picks: readonly number[], id: number): number {
  let run = 0;
  return Math.max(...picks.map((pick) => (run = pick === id ? run + 1 : 0)));
}

describe("how evenly", () => {
  it("equal weights take turns, always in the same order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), weight, start, (size, each, random) => {
        const rotation = rotationOf(candidatesOf(Array.from({ length: size }, () => each)), random);
        const picks = next(rotation, size * 20);
        const round = picks.slice(0, size);
        expect([...round].sort((a, b) => a - b)).toEqual(round.map((_, id) => id));
        expect(picks).toEqual(Array.from({ length: 20 }, () => round).flat());
      }),
    );
  });

  it("weights 3, 2, 1 are 30, 20 and 10 of any 60", () => {
    fc.assert(
      fc.property(start, fc.nat(1000), (random, before) => {
        const rotation = rotationOf(candidatesOf([3, 2, 1]), random);
        next(rotation, before);
        expect(counts(next(rotation, 60), 3)).toEqual([30, 20, 10]);
      }),
    );
  });

  it("a count is off its share by less than 1 + weight / mean weight, among any picks in a row", () => {
    fc.assert(
      fc.property(weights, start, (given, random) => {
        const total = given.reduce((sum, each) => sum + each, 0);
        const picks = next(rotationOf(candidatesOf(given), random), 250);
        given.forEach((each, id) => {
          const bound = 1 + (each * given.length) / total + 1e-6;
          let [high, low] = [0, 0];
          let worst = 0;
          let drift = 0;
          for (const pick of picks) {
            drift += (pick === id ? 1 : 0) - each / total;
            worst = Math.max(worst, drift - low, high - drift);
            high = Math.max(high, drift);
            low = Math.min(low, drift);
          }
          expect(worst).toBeLessThan(bound);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("spreads the light ones between the turns of a heavy one", () => {
    fc.assert(
      fc.property(start, (random) => {
        expect(longestRun(next(rotationOf(candidatesOf([5, 1, 1]), random), 700), 0)).toBeLessThanOrEqual(4);
        const many = [50, ...Array.from({ length: 50 }, () => 1)];
        expect(longestRun(next(rotationOf(candidatesOf(many), random), 1000), 0)).toBeLessThanOrEqual(3);
      }),
    );
  });

  it("begins elsewhere in another worker", () => {
    const firsts = Array.from({ length: 40 }, (_, seed) => {
      return next(rotationOf(candidatesOf(Array.from({ length: 10 }, () => 1)), seededRandom(seed)()), 1)[0];
    });
    expect(new Set(firsts).size).toBeGreaterThan(5);
  });

  it("follows a weight that changes, from the next turn on", () => {
    const candidates = candidatesOf([1, 1]);
    const rotation = rotationOf(candidates, 0.3);
    candidates[1]!.weight = 0.1;
    expect(counts(next(rotation, 110), 2)[1]).toBeLessThanOrEqual(12);
    candidates[1]!.weight = 1;
    next(rotation, 11);
    expect(counts(next(rotation, 100), 2)[1]).toBeGreaterThanOrEqual(49);
  });
});

describe("exclusion", () => {
  const excluded = fc.array(fc.nat(11), { maxLength: 12 });

  it("is never broken; nobody else is passed over", () => {
    fc.assert(
      fc.property(weights, start, fc.array(excluded, { minLength: 1, maxLength: 40 }), (given, random, tries) => {
        const candidates = candidatesOf(given);
        const rotation = rotationOf(candidates, random);
        for (const ids of tries) {
          const out = candidates.filter(({ id }) => ids.includes(id));
          const [pick] = next(rotation, 1, out);
          if (out.length === candidates.length) expect(pick).toBe(-1);
          else expect(candidates.filter((one) => !out.includes(one)).map(({ id }) => id)).toContain(pick);
        }
      }),
    );
  });

  it("loses nobody a turn, and brings nobody more than that one, however long it lasts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), start, fc.integer({ min: 1, max: 500 }), (size, random, tries) => {
        const candidates = candidatesOf(Array.from({ length: size }, () => 1));
        const rotation = rotationOf(candidates, random);
        const out = candidates[size - 1]!;
        expect(next(rotation, tries, [out])).not.toContain(out.id);
        const wasDue = tries >= size;
        const after = next(rotation, size);
        if (wasDue) expect(after[0]).toBe(out.id);
        expect(after.filter((id) => id === out.id).length).toBeLessThanOrEqual(2);
        // And then it goes on as ever.
        expect(counts(next(rotation, 10 * size), size)).toEqual(candidates.map(() => 10));
      }),
    );
  });

  it("of all changes nothing", () => {
    fc.assert(
      fc.property(weights, start, (given, random) => {
        const candidates = candidatesOf(given);
        const [one, other] = [rotationOf(candidates, random), rotationOf(candidatesOf(given), random)];
        next(one, 5);
        next(other, 5);
        expect(next(one, 3, candidates)).toEqual([-1, -1, -1]);
        expect(next(one, 30)).toEqual(next(other, 30));
      }),
    );
  });

  it("nobody there is nobody to pick", () => {
    expect(rotationOf([], 0).pick(1)).toBeUndefined();
  });
});

describe("reset", () => {
  it("with the same candidates changes nothing", () => {
    fc.assert(
      fc.property(weights, start, fc.array(fc.nat(30)), (given, random, spans) => {
        const candidates = candidatesOf(given);
        const [one, other] = [rotationOf(candidates, random), rotationOf(candidatesOf(given), random)];
        for (const span of spans) {
          expect(next(one, span)).toEqual(next(other, span));
          one.reset(candidates);
        }
        expect(next(one, 50)).toEqual(next(other, 50));
      }),
    );
  });

  it("keeps the order of those that stay, and a newcomer comes within a round", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), start, fc.nat(100), fc.nat(19), (size, random, before, left) => {
        const candidates = candidatesOf(Array.from({ length: size }, () => 1));
        const rotation = rotationOf(candidates, random);
        next(rotation, before);
        const coming = next(rotation, size);
        const stay = candidates.filter(({ id }) => id !== left);
        const newcomer = candidateOf(99);
        rotation.reset([...stay, newcomer]);
        const picks = next(rotation, stay.length + 1);
        expect(picks.filter((id) => id !== 99)).toEqual(coming.filter((id) => id !== left));
        expect(picks).toContain(99);
      }),
    );
  });

  it("lets one that has grown heavier wait no longer than its new period", () => {
    const candidates = candidatesOf([1, 1, 1, 0.01]);
    const rotation = rotationOf(candidates, 0);
    next(rotation, 3);
    candidates[3]!.weight = 1;
    rotation.reset(candidates);
    expect(next(rotation, 4)).toContain(3);
  });

  it("takes one that left and comes back for a newcomer: it makes up for nothing", () => {
    const candidates = candidatesOf([1, 1, 1, 1]);
    const rotation = rotationOf(candidates, 0.4);
    next(rotation, 10);
    rotation.reset(candidates.slice(1));
    next(rotation, 1000);
    rotation.reset(candidates);
    expect(counts(next(rotation, 40), 4)).toEqual([10, 10, 10, 10]);
  });

  it("takes one over that another rotation had", () => {
    const [a, b, c] = candidatesOf([1, 1, 1]) as [TestCandidate, TestCandidate, TestCandidate];
    const one = rotationOf([a, b, c], 0.1);
    const other = rotationOf([], 0.2);
    next(one, 1000);
    other.reset([c]);
    one.reset([a, b]);
    expect(counts(next(one, 10), 3)).toEqual([5, 5, 0]);
    other.reset([c, a]);
    one.reset([b]);
    expect(counts(next(other, 10), 3)).toEqual([5, 0, 5]);
  });
});
