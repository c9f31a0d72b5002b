import fc from "fast-check";
import { expect, test } from "vitest";
import { pickSmoothWeighted } from "./smooth-weighted-round-robin.ts";

function peersOf(weights: readonly number[]): { weight: number; credit: number }[] {
  return weights.map((weight) => ({ weight, credit: 0 }));
}

test("weights 5, 1, 1 interleave as nginx documents it", () => {
  const peers = peersOf([5, 1, 1]);
  const all = [true, true, true];
  const picks = Array.from({ length: 7 }, () => pickSmoothWeighted(peers, all));
  expect(picks).toEqual([0, 0, 1, 0, 2, 0, 0]);
});

test("no eligible peer gives -1 and changes nothing", () => {
  const peers = peersOf([1, 2]);
  expect(pickSmoothWeighted(peers, [false, false])).toBe(-1);
  expect(peers).toEqual(peersOf([1, 2]));
});

test("a full cycle takes each peer exactly as often as its weight says", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, (given) => {
      const peers = peersOf(given);
      const all = given.map(() => true);
      const cycle = given.reduce((sum, weight) => sum + weight, 0);
      const taken = given.map(() => 0);
      for (let i = 0; i < cycle; i++) {
        const pick = pickSmoothWeighted(peers, all);
        taken[pick] = (taken[pick] ?? 0) + 1;
      }
      expect(taken).toEqual(given);
      expect(peers.every((peer) => peer.credit === 0)).toBe(true);
    }),
  );
});

test("an excluded peer is never picked", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { minLength: 1 }), (given) => {
      const peers = peersOf(given.map(([weight]) => weight));
      const eligible = given.map(([, on]) => on);
      for (let i = 0; i < 30; i++) {
        const pick = pickSmoothWeighted(peers, eligible);
        expect(pick === -1 ? eligible.every((on) => !on) : eligible[pick]).toBe(true);
      }
    }),
  );
});
