import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidateOf, candidatesOf, seededRandom, type TestCandidate } from "../../../test/harness/candidates.ts";
import type { NextRandom } from "./candidate.ts";
import { meanLatency, observeLatency } from "./peak-ewma.ts";
import { pickLeastRequest, pickPeakEwma } from "./two-choices.ts";

const DECAY = 10;

type Pick = (candidates: readonly TestCandidate[], random: NextRandom, now: number) => TestCandidate | undefined;

/** Requests in flight are all that differs here. */
const byRequests: Pick = (candidates, random) => pickLeastRequest(candidates, 1, random);
const byLatency: Pick = (candidates, random, now) =>
  pickPeakEwma(candidates, 1, now, DECAY, meanLatency(candidates), random);
const atRandom: Pick = (candidates, random) => candidates[Math.floor(random() * candidates.length)];

const equals = (count: number) => candidatesOf(Array.from({ length: count }, () => 1));

describe.each([
  ["pickLeastRequest", byRequests],
  ["pickPeakEwma", byLatency],
])("%s", (_name, pick) => {
  it("finds whoever is not excluded, and nobody else", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), fc.nat(), (excluded, seed) => {
        const candidates = excluded.map((out, id) => candidateOf(id, { excludedIn: out ? 1 : 0, inFlight: id }));
        const random = seededRandom(seed);
        for (let i = 0; i < 10; i++) {
          const picked = pick(candidates, random, 0);
          if (excluded.includes(false)) expect(picked?.excludedIn).toBe(0);
          else expect(picked).toBeUndefined();
        }
      }),
    );
  });

  it("finds the last of many that is left", () => {
    const candidates = equals(5000);
    for (const candidate of candidates) candidate.excludedIn = candidate.id === 1234 ? 0 : 1;
    expect(pick(candidates, seededRandom(1), 0)?.id).toBe(1234);
  });

  it("never takes the dearest of those there are: the two differ", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(), (size, seed) => {
        const candidates = Array.from({ length: size }, (_, id) => candidateOf(id, { inFlight: 1 + id }));
        const random = seededRandom(seed);
        for (let i = 0; i < 30; i++) expect(pick(candidates, random, 0)?.id).toBeLessThan(size - 1);
      }),
    );
  });

  it("gives equals equal parts", () => {
    const random = seededRandom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    const candidates = equals(10);
    for (let i = 0; i < 20_000; i++) counts[pick(candidates, random, 0)!.id]! += 1;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it("gives those next to an excluded one no more than others", () => {
    const random = seededRandom(8);
    const candidates = equals(10);
    for (const id of [2, 3, 4]) candidates[id]!.excludedIn = 1;
    const counts = new Map<number, number>();
    for (let i = 0; i < 21_000; i++) {
      const { id } = pick(candidates, random, 0)!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(7);
    for (const count of counts.values()) expect(Math.abs(count - 3000)).toBeLessThan(300);
  });
});

describe("pickLeastRequest", () => {
  it("keeps the fullest of 1,000 at log log n where chance does not", () => {
    const fullest = (pick: Pick, seed: number) => {
      const candidates = equals(1000);
      const random = seededRandom(seed);
      for (let i = 0; i < 1000; i++) pick(candidates, random, 0)!.inFlight += 1;
      return Math.max(...candidates.map(({ inFlight }) => inFlight));
    };
    for (const seed of [1, 2, 3, 4, 5]) {
      expect(fullest(byRequests, seed)).toBeLessThanOrEqual(4);
      expect(fullest(atRandom, seed)).toBeGreaterThanOrEqual(5);
    }
  });

  it("shares what is under way by weight", () => {
    const candidates = candidatesOf([3, 3, 1, 1]);
    const random = seededRandom(3);
    for (let i = 0; i < 800; i++) byRequests(candidates, random, 0)!.inFlight += 1;
    expect(candidates[0]!.inFlight + candidates[1]!.inFlight).toBeGreaterThan(580);
    expect(candidates[2]!.inFlight + candidates[3]!.inFlight).toBeGreaterThan(180);
  });
});

interface Load {
  readonly pick: Pick;
  /** Seconds an answer of the peer takes at a time. */
  readonly latency: (id: number, now: number) => number;
  readonly candidates: TestCandidate[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly from?: number;
  /** Looks on, after each request. */
  readonly watch?: (picked: TestCandidate, now: number) => void;
}

/** Requests at random times, milliseconds as steps; each takes as long as its peer takes just then. Gives the latencies. */
function run({ pick, latency, candidates, perSecond, seconds, from = 0, watch }: Load): number[] {
  const random = seededRandom(42);
  const under: { readonly end: number; readonly took: number; readonly peer: TestCandidate }[] = [];
  const latencies: number[] = [];
  for (let step = 0; step < seconds * 1000; step++) {
    const now = from + step / 1000;
    for (let i = under.length - 1; i >= 0; i--) {
      const { end, took, peer } = under[i]!;
      if (end <= now) {
        under.splice(i, 1);
        peer.inFlight -= 1;
        observeLatency(peer, took, now, DECAY);
      }
    }
    for (let chance = perSecond / 1000; random() < chance; chance -= 1) {
      const peer = pick(candidates, random, now)!;
      const took = latency(peer.id, now) * (0.8 + 0.4 * random());
      peer.inFlight += 1;
      under.push({ end: now + took, took, peer });
      latencies.push(took);
      watch?.(peer, now);
    }
  }
  return latencies;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)]!;
}

describe("pickPeakEwma under load", () => {
  const oneSlow = (id: number) => (id === 0 ? 0.1 : 0.01);

  it.each([20, 200, 800])(
    "sends a peer that is ten times slower a tenth of its share, at %d requests a second",
    (rate) => {
      let slow = 0;
      const base = { latency: oneSlow, perSecond: rate, seconds: 60 };
      const watch = ({ id }: TestCandidate) => (slow += id === 0 ? 1 : 0);
      const latencies = run({ ...base, candidates: equals(10), pick: byLatency, watch });
      const chance = run({ ...base, candidates: equals(10), pick: atRandom });
      expect(slow).toBeGreaterThan(0);
      expect(slow / latencies.length).toBeLessThan(0.01);
      expect(percentile(latencies, 0.99)).toBeLessThan(percentile(chance, 0.99) / 2);
    },
  );

  it("finds out that a slow one has recovered", () => {
    const latency = (id: number, now: number) => (id === 0 && now < 60 ? 0.1 : 0.01);
    let late = 0;
    const watch = ({ id }: TestCandidate, now: number) => (late += id === 0 && now >= 100 ? 1 : 0);
    run({ latency, candidates: equals(10), pick: byLatency, perSecond: 100, seconds: 160, watch });
    // A tenth of 6,000 is its share.
    expect(late).toBeGreaterThan(400);
  });

  it("does not flood a new peer before it has answered", () => {
    const candidates = equals(10);
    run({ latency: () => 0.01, candidates, pick: byLatency, perSecond: 1000, seconds: 10 });
    candidates[0] = candidateOf(0);
    let most = 0;
    const watch = ({ inFlight, id }: TestCandidate) => (most = id === 0 ? Math.max(most, inFlight) : most);
    const latency = (id: number) => (id === 0 ? 2 : 0.01);
    run({ latency, candidates, pick: byLatency, perSecond: 1000, seconds: 1, from: 10, watch });
    // The others have about one each; started at 0 it would have had a fifth of the 1,000.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(6);
  });

  it("spreads a burst that comes after a pause, over those that were idle longest too", () => {
    const candidates = equals(10);
    run({ latency: () => 0.01, candidates, pick: byLatency, perSecond: 100, seconds: 10 });
    for (const candidate of candidates) {
      candidate.inFlight = 0;
      candidate.observedAtSeconds = 10 + candidate.id * 30;
    }
    const random = seededRandom(5);
    for (let i = 0; i < 100; i++) byLatency(candidates, random, 600)!.inFlight += 1;
    expect(Math.max(...candidates.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(16);
  });
});
