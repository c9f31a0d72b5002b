import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanOf, simulate, within } from "../../../test/harness/concurrency-scenarios.ts";
import { newLimitState, type LimitAlgorithm, type LimitSample, type LimitState } from "./limit-state.ts";
import { inForce, nextLimit } from "./next-limit.ts";

const ALGORITHMS: readonly LimitAlgorithm[] = ["gradient2", "vegas", "aimd"];
const NOW = 1_700_000_000;

const figure = fc.oneof(
  fc.double({ min: 0, max: 600, noNaN: true }),
  fc.constantFrom(0, -1, NaN, Infinity, -Infinity, 1e-300, 1e300),
);
const sample: fc.Arbitrary<LimitSample> = fc.record({
  seconds: figure,
  count: fc.nat(10_000),
  maxInFlight: fc.nat(2000),
  drops: fc.oneof(fc.constant(0), fc.nat(10_000)),
  limited: fc.boolean(),
});
const settings = fc
  .tuple(
    fc.constantFrom(...ALGORITHMS),
    fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(1000), fc.nat(1000)),
    fc.option(fc.double({ min: 0.001, max: 600, noNaN: true }), { nil: undefined }),
  )
  .map(([algorithm, [min, more, most], latencySeconds]) => {
    const bounds = { algorithm, min, initial: min + more, max: min + more + most };
    return latencySeconds === undefined ? bounds : { ...bounds, latencySeconds };
  });
/** Seconds to the next sample; the clock may be set back. */
const pause = fc.oneof(fc.double({ min: 0, max: 60, noNaN: true }), fc.constantFrom(-1, -3600, -1e9));

const ordinary = { algorithm: "gradient2", initial: 20, min: 5, max: 1000 } as const;
const quiet: LimitSample = { seconds: 0.1, count: 50, maxInFlight: 3, drops: 0, limited: false };
const busy: LimitSample = { ...quiet, maxInFlight: 20, limited: true };
const known = (more: Partial<LimitState> = {}): LimitState => ({
  ...newLimitState(ordinary),
  baselineSeconds: 0.1,
  baselineSamples: 10,
  confirmedAtSeconds: NOW,
  ...more,
});

test("whatever happens, the limit stays within its bounds, and no figure becomes none", () => {
  fc.assert(
    fc.property(settings, fc.array(fc.tuple(sample, pause), { maxLength: 60 }), (bounds, samples) => {
      let state = newLimitState(bounds);
      let now = NOW;
      for (const [one, seconds] of samples) {
        now += seconds;
        state = nextLimit(bounds, state, one, now);
        const { limit, others } = inForce(bounds, state);
        for (const places of [limit, others, state.limit]) {
          expect(places).toBeGreaterThanOrEqual(bounds.min);
          expect(places).toBeLessThanOrEqual(bounds.max);
        }
        expect(others).toBeLessThanOrEqual(limit);
        expect(Number.isInteger(limit) && Number.isInteger(others)).toBe(true);
        expect(Number.isFinite(state.baselineSeconds) && Number.isFinite(state.probeUntilSeconds)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test("an interval without requests changes nothing", () => {
  fc.assert(
    fc.property(settings, fc.nat(100), (bounds, maxInFlight) => {
      const state = newLimitState(bounds);
      const idle = { seconds: 0, count: 0, maxInFlight, drops: 0, limited: false };
      expect(nextLimit(bounds, state, idle, NOW)).toBe(state);
    }),
  );
});

test("a limit that is not used does not grow, however fast the upstream is", () => {
  fc.assert(
    fc.property(settings, fc.double({ min: 1e-3, max: 1, noNaN: true }), (bounds, seconds) => {
      let state = newLimitState(bounds);
      for (let step = 0; step < 50; step++) {
        const unused = { ...quiet, seconds, maxInFlight: Math.ceil(state.limit / 2) - 1 };
        state = nextLimit(bounds, state, unused, NOW + step);
      }
      expect(state.limit).toBeLessThanOrEqual(bounds.initial);
    }),
  );
});

test("one that fell below where it began is back there in 30 seconds without being used, and not above", () => {
  for (const algorithm of ALGORITHMS) {
    let state = known({ limit: 6 });
    for (let step = 1; step <= 60; step++) state = nextLimit({ ...ordinary, algorithm }, state, quiet, NOW + step / 2);
    expect([algorithm, state.limit]).toEqual([algorithm, 20]);
  }
});

test("who found no place shows that the limit is used, however few are under way", () => {
  expect(nextLimit(ordinary, known({ limit: 50 }), { ...quiet, maxInFlight: 8, limited: true }, NOW).limit).toBe(50.8);
  expect(nextLimit(ordinary, known({ limit: 50 }), { ...quiet, maxInFlight: 8 }, NOW).limit).toBe(50);
});

test("drops lower Vegas and AIMD from one in a hundred on", () => {
  const dropping = (drops: number): LimitSample => ({ ...busy, count: 1000, drops });
  for (const algorithm of ["vegas", "aimd"] as const) {
    const next = (drops: number) => nextLimit({ ...ordinary, algorithm }, known(), dropping(drops), NOW);
    expect(next(10).limit).toBeGreaterThan(20);
    expect(next(11)).toMatchObject({ reason: "requests were dropped" });
    expect(next(11).limit).toBeLessThan(20);
  }
  expect(
    nextLimit({ ...ordinary, algorithm: "aimd" }, known(), { ...busy, count: 0, seconds: 0, drops: 5 }, NOW).limit,
  ).toBe(18);
});

test("while a probe lasts the limit rests, and only those of smaller shares are held up at first", () => {
  const probing = nextLimit(ordinary, known({ confirmedAtSeconds: NOW - 30 }), busy, NOW);
  expect(probing).toMatchObject({ probe: "drain", limit: 20, reason: "looking for the latency without load" });
  expect(inForce(ordinary, probing)).toEqual({ limit: 20, others: 10 });
  expect(inForce(ordinary, { ...probing, probesAll: true })).toEqual({ limit: 10, others: 10 });
});

/** C = 10 at once in 50 ms: 200 requests a second. */
const plant = { servers: 10, serviceSeconds: 0.05 };
const CAPACITY = 200;

describe.each(ALGORITHMS)("%s before an upstream that does 10 at once", (algorithm) => {
  const bounds = { algorithm, initial: 20, min: 5, max: 1000, latencySeconds: 0.1 } as const;

  test("three times as much load: full goodput, a bounded queue, no flapping, over many arrivals", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const script = (one: { rate: number }, at: number) => void (one.rate = at < 10 ? 100 : 600);
      const moments = await simulate({ settings: bounds, plant, seconds: 120, seed, script });
      const steady = within(moments, 25, 120);
      expect(meanOf(steady, ({ goodput }) => goodput)).toBeGreaterThan(0.95 * CAPACITY);
      expect(Math.max(...steady.map(({ seconds }) => seconds))).toBeLessThan(0.15);
      const limits = steady.map(({ limit }) => limit);
      expect(Math.max(...limits) / Math.min(...limits)).toBeLessThan(1.35);
      expect(Math.min(...limits)).toBeGreaterThan(12);
    }
  });

  test("an overload that lasts for half an hour raises nothing", async () => {
    const script = (one: { rate: number }) => void (one.rate = 600);
    const moments = await simulate({ settings: bounds, plant, seconds: 1800, script });
    const last = within(moments, 1700, 1800);
    expect(meanOf(last, ({ seconds }) => seconds)).toBeLessThan(0.11);
    expect(meanOf(last, ({ goodput }) => goodput)).toBeGreaterThan(0.95 * CAPACITY);
  });

  test("within 30 seconds after the load has fallen it is where it began, or above", async () => {
    const script = (one: { rate: number; serviceSeconds: number }, at: number) => {
      one.rate = at < 60 ? 600 : 100;
      one.serviceSeconds = at >= 30 && at < 60 ? 0.2 : 0.05;
    };
    const moments = await simulate({ settings: bounds, plant, seconds: 120, script });
    expect(Math.min(...within(moments, 30, 60).map(({ limit }) => limit))).toBeLessThan(16.5);
    expect(Math.min(...within(moments, 90, 120).map(({ limit }) => limit))).toBeGreaterThanOrEqual(20);
  });

  test("within 30 seconds after the upstream has become faster, under load, it does all that can be done", async () => {
    const script = (one: { rate: number; serviceSeconds: number }, at: number) => {
      one.rate = 600;
      one.serviceSeconds = at < 60 ? 0.2 : 0.05;
    };
    const moments = await simulate({ settings: bounds, plant, seconds: 120, script });
    expect(meanOf(within(moments, 90, 120), ({ goodput }) => goodput)).toBeGreaterThan(0.95 * CAPACITY);
    expect(meanOf(within(moments, 90, 120), ({ seconds }) => seconds)).toBeLessThan(0.15);
  });
});

test("an upstream that became slower under load is found out: the limit does not stay at its least", async () => {
  for (const algorithm of ["gradient2", "vegas"] as const) {
    const bounds = { algorithm, initial: 20, min: 5, max: 1000 };
    const script = (one: { rate: number; serviceSeconds: number }, at: number) => {
      one.rate = 600;
      one.serviceSeconds = at < 30 ? 0.05 : 0.2;
    };
    const moments = await simulate({ settings: bounds, plant, seconds: 120, script });
    expect(meanOf(within(moments, 80, 120), ({ goodput }) => goodput)).toBeGreaterThan(0.9 * 50);
  }
});

test("a gateway that starts under load finds the latency without it", async () => {
  for (const algorithm of ["gradient2", "vegas"] as const) {
    const bounds = { algorithm, initial: 20, min: 5, max: 1000 };
    const script = (one: { rate: number }) => void (one.rate = 600);
    const moments = await simulate({ settings: bounds, plant, seconds: 300, script });
    expect(meanOf(within(moments, 250, 300), ({ state }) => state.baselineSeconds)).toBeLessThan(0.06);
  }
});

test("a priority with a small share that is alone can use the whole upstream", async () => {
  const script = (one: { rate: number; share: number }) => {
    one.rate = 600;
    one.share = 40;
  };
  const moments = await simulate({ settings: ordinary, plant, seconds: 90, script });
  expect(meanOf(within(moments, 60, 90), ({ goodput }) => goodput)).toBeGreaterThan(0.95 * CAPACITY);
});
