import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore, type MemoryStore } from "../../test/harness/memory-store.ts";
import { EPOCH_SECONDS } from "../_core/limit/gcra.ts";
import type { Algorithm } from "./config.ts";
import type { Limiter, Quota } from "./limiter.ts";
import { localLimiter } from "./limiters.ts";

const ALGORITHMS = ["gcra", "sliding-window", "fixed-window"] as const;

interface Rig {
  now: number;
  readonly store: MemoryStore;
  /** One for each worker. */
  readonly limiters: readonly Limiter[];
}

function rig(algorithm: Algorithm, workers = 1, now = EPOCH_SECONDS + 28_500_000): Rig {
  const made: Rig = {
    now,
    store: memoryStore(() => made.now),
    limiters: [],
  };
  const limiters = Array.from({ length: workers }, () => localLimiter(algorithm, made.store));
  return Object.assign(made, { limiters });
}

function take(one: Rig, quota: Quota, cost = 1, key = "k", worker = 0): boolean {
  return one.limiters[worker]!.take(key, quota, cost, one.now);
}

/** How many of `count` requests at one moment pass. */
function passing(one: Rig, quota: Quota, count: number, cost = 1): number {
  let passed = 0;
  for (let index = 0; index < count; index++) passed += take(one, quota, cost) ? 1 : 0;
  return passed;
}

const MINUTE: Quota = { limit: 100, windowSeconds: 60, burst: 10 };

describe("a local limiter", () => {
  it.each([
    ["gcra", 10],
    ["sliding-window", 100],
    ["fixed-window", 100],
  ] as const)("%s lets through at once what its quota says, and tells how it stands", (algorithm, most) => {
    const one = rig(algorithm);
    const { last } = one.limiters[0]!;
    expect(take(one, MINUTE)).toBe(true);
    expect(Math.floor(last.remaining + 1e-6)).toBe(most - 1);
    expect(passing(one, MINUTE, most * 2)).toBe(most - 1);
    expect(Math.floor(last.remaining)).toBe(0);
    expect(last.retrySeconds).toBeGreaterThan(0);
    expect(take(one, MINUTE, 1, "another")).toBe(true);
  });

  it.each(ALGORITHMS)("%s lets a refused request pass as soon as it said, and not a moment sooner", (algorithm) => {
    const costs = fc.double({ min: 0.1, max: 9, noNaN: true });
    fc.assert(
      fc.property(fc.array(costs, { minLength: 1, maxLength: 200 }), fc.nat(59_000), costs, (taken, ms, cost) => {
        const one = rig(algorithm, 1, EPOCH_SECONDS + 28_500_000 + ms / 1000);
        for (const each of taken) take(one, MINUTE, each);
        const { last } = one.limiters[0]!;
        // Twice: the first look at a key's last window may leave the cost of what it refuses.
        if (take(one, MINUTE, cost) || take(one, MINUTE, cost)) return;
        const from = one.now;
        const wait = last.retrySeconds;
        one.now = from + wait - 0.002;
        if (wait > 0.002) expect(take(one, MINUTE, cost)).toBe(false);
        one.now = from + wait + 0.002;
        expect(take(one, MINUTE, cost)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each(ALGORITHMS)("%s takes at most two operations, and what nobody uses ends by itself", (algorithm) => {
    const one = rig(algorithm);
    for (let index = 0; index < 300; index++) {
      one.store.operations = 0;
      take(one, MINUTE, 1 + (index % 3), `k${String(index % 7)}`);
      expect(one.store.operations).toBeLessThanOrEqual(2);
      one.now += (index % 5) / 10;
    }
    expect(one.store.keys().length).toBeGreaterThan(0);
    for (const key of one.store.keys()) expect(one.store.ttl(key)).toBeLessThan(122);
    one.now += 122;
    expect(one.store.keys()).toEqual([]);
  });

  it.each(ALGORITHMS)("%s gives back: as if the request had never been", (algorithm) => {
    const one = rig(algorithm);
    const most = passing(rig(algorithm), MINUTE, 200);
    take(one, MINUTE);
    one.limiters[0]!.giveBack("k", MINUTE, 1, one.now);
    expect(passing(one, MINUTE, 200)).toBe(most);
    // Of what is over meanwhile nothing can be given back.
    one.now += 600;
    one.limiters[0]!.giveBack("k", MINUTE, 1, one.now);
    one.now += 1;
    expect(passing(one, MINUTE, 200)).toBe(most);
  });

  it.each(ALGORITHMS)("%s does not let a large cost that is refused use up what small ones can have", (algorithm) => {
    const one = rig(algorithm);
    const quota = { limit: 10, windowSeconds: 60, burst: 10 };
    expect(passing(one, quota, 5)).toBe(5);
    for (let index = 0; index < 20; index++) expect(take(one, quota, 6)).toBe(false);
    expect(passing(one, quota, 20)).toBe(5);
  });

  it.each(ALGORITHMS)("%s refuses a cost that can never pass, and adds nothing to the store", (algorithm) => {
    const one = rig(algorithm);
    expect(take(one, MINUTE, 1000)).toBe(false);
    expect(one.store.keys()).toEqual([]);
    take(one, MINUTE);
    one.store.operations = 0;
    expect(take(one, MINUTE, 1000)).toBe(false);
    expect(one.store.operations).toBeLessThanOrEqual(2);
    expect(one.limiters[0]!.last.remaining).toBeGreaterThan(1);
  });

  it.each(ALGORITHMS)("%s begins anew where the store was filled with something else", (algorithm) => {
    const one = rig(algorithm);
    one.store.incr = () => undefined;
    expect(take(one, MINUTE)).toBe(true);
  });
});

describe("no run of requests gets more than its bound", () => {
  const steps = fc.array(
    fc.record({
      waitMs: fc.oneof(fc.nat(50), fc.nat(3000)),
      cost: fc.constantFrom(1, 1, 1, 2, 5),
      worker: fc.nat(3),
      // The clock of a worker may lag behind what others have seen.
      quota: fc.constantFrom(1, 1, 0.5, 0.1),
    }),
    { minLength: 20, maxLength: 150, size: "max" },
  );

  /** Everything that was let through, as time and cost. */
  function run(algorithm: Algorithm, quota: Quota, list: typeof steps extends fc.Arbitrary<infer T> ? T : never) {
    const one = rig(algorithm, 4);
    const admitted: { at: number; cost: number }[] = [];
    for (const { waitMs, cost, worker, quota: share } of list) {
      one.now += waitMs / 1000;
      const cut = { ...quota, limit: quota.limit * share, burst: Math.max(1, quota.burst * share) };
      if (take(one, cut, cost, "k", worker)) admitted.push({ at: one.now, cost });
    }
    return admitted;
  }

  const most = (admitted: { at: number; cost: number }[], allowed: (seconds: number) => number): void => {
    for (let from = 0; from < admitted.length; from++) {
      let sum = 0;
      for (let to = from; to < admitted.length; to++) {
        sum += admitted[to]!.cost;
        expect(sum).toBeLessThanOrEqual(allowed(admitted[to]!.at - admitted[from]!.at) + 1e-3);
      }
    }
  };

  it("GCRA: burst + rate x time, whatever share of the limit is in force in between", () => {
    const quota = { limit: 20, windowSeconds: 10, burst: 6 };
    fc.assert(
      fc.property(steps, (list) => {
        most(
          run("gcra", quota, list),
          (seconds) => quota.burst + (quota.limit / quota.windowSeconds) * (seconds + 0.001),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("fixed window: the limit in each window of the clock", () => {
    const quota = { limit: 20, windowSeconds: 10, burst: 1 };
    fc.assert(
      fc.property(steps, (list) => {
        const sums = new Map<number, number>();
        for (const { at, cost } of run("fixed-window", quota, list)) {
          const number = Math.floor(at / 10);
          sums.set(number, (sums.get(number) ?? 0) + cost);
        }
        for (const sum of sums.values()) expect(sum).toBeLessThanOrEqual(quota.limit);
      }),
      { numRuns: 300 },
    );
  });

  it("sliding window: in any time up to a window the limit x (1 + time / window)", () => {
    const quota = { limit: 20, windowSeconds: 10, burst: 1 };
    fc.assert(
      fc.property(steps, (list) => {
        const admitted = run("sliding-window", quota, list);
        most(admitted, (seconds) => quota.limit * (seconds > 10 ? Infinity : 1 + seconds / 10));
      }),
      { numRuns: 300 },
    );
  });
});

describe("GCRA's entry", () => {
  it("adds up exactly: a burst of ten thousand is ten thousand, and then the rate", () => {
    const one = rig("gcra");
    const quota = { limit: 100_000, windowSeconds: 600, burst: 10_000 };
    expect(passing(one, quota, 10_100)).toBe(10_000);
    for (let second = 1; second <= 20; second++) {
      one.now = EPOCH_SECONDS + 28_500_000 + second * 0.6;
      // 100 in 0.6 seconds; 0.006 % of a limit may be lost to rounding.
      expect([99, 100, 101]).toContain(passing(one, quota, 200));
    }
  });

  it("is of use at any rate that can be configured", () => {
    for (const limit of [0.001, 0.5, 1, 1e3, 1e6, 1e9]) {
      for (const windowSeconds of [0.1, 1, 60, 2_678_400]) {
        const one = rig("gcra");
        const quota = { limit, windowSeconds, burst: 3 };
        // Doubles tell moments 4 to 60 ns apart: at ten million a second one more or less may be lost.
        const exact = windowSeconds / limit > 1e-6;
        expect([2, 3, 4].filter((count) => !exact || count === 3)).toContain(passing(one, quota, 10));
      }
    }
  });

  it("is gone exactly when its bucket is full", () => {
    const one = rig("gcra");
    take(one, MINUTE);
    take(one, MINUTE);
    expect(one.store.ttl("k")).toBeCloseTo(1.2, 2);
    one.now += 1.199;
    expect(one.store.get("k")).toBeDefined();
    one.now += 0.001;
    expect(one.store.get("k")).toBeUndefined();
    expect(passing(one, MINUTE, 20)).toBe(10);
  });

  it("that comes back after its time does no harm: an old TAT is as good as none", () => {
    const one = rig("gcra");
    take(one, MINUTE);
    one.now += 0.601;
    one.store.renew("k", 3600);
    expect(one.store.get("k")).toBeLessThan(one.now - EPOCH_SECONDS);
    one.now += 600;
    expect(passing(one, MINUTE, 20)).toBe(10);
    expect(one.store.ttl("k")).toBeCloseTo(6, 2);
  });

  it("that is too far ahead begins anew: the clock was set back", () => {
    const one = rig("gcra");
    expect(passing(one, MINUTE, 20)).toBe(10);
    // Up to 64 tolerances of 6 s and a window a client waits.
    one.now -= 400;
    expect(take(one, MINUTE)).toBe(false);
    one.now -= 3600;
    expect(passing(one, MINUTE, 20)).toBe(10);
    expect(one.limiters[0]!.last.retrySeconds).toBeLessThanOrEqual(0.61);
  });
});

describe("GCRA's operations", () => {
  it("are one for a client whose bucket is full, and for one that is too fast for the clock", () => {
    const one = rig("gcra");
    take(one, MINUTE);
    expect(one.store.operations).toBe(1);
    take(one, MINUTE);
    expect(one.store.operations).toBe(3);
    one.store.operations = 0;
    for (let index = 0; index < 10; index++) take(one, { limit: 1e6, windowSeconds: 60, burst: 1e5 }, 1, "fast");
    expect(one.store.operations).toBe(10);
  });

  it("keep what a large cost takes, whatever a small one has left", () => {
    const one = rig("gcra");
    const quota = { limit: 100_000, windowSeconds: 60, burst: 10_000 };
    for (const small of [0.1, 0.5, 1, 1.5, 2, 3]) {
      take(one, quota, small, "k");
      one.now += 0.001;
      take(one, quota, 9000, "k");
      one.now += 0.05;
      expect([small, take(one, quota, 9000, "k")]).toEqual([small, false]);
      one.now += 600;
    }
  });
});

describe("the sliding window", () => {
  it("lets through exactly the limit in a window of the clock after a quiet one", () => {
    const one = rig("sliding-window", 3);
    let passed = 0;
    for (let index = 0; index < 300; index++) passed += take(one, MINUTE, 1, "k", index % 3) ? 1 : 0;
    expect(passed).toBe(100);
  });

  it("asks once a worker, key and window for what the last one came to", () => {
    const one = rig("sliding-window");
    const reads: string[] = [];
    const get = one.store.get.bind(one.store);
    one.store.get = (key) => {
      reads.push(key);
      return get(key);
    };
    one.now = Math.floor(one.now / 60) * 60 + 1;
    for (let index = 0; index < 5; index++) take(one, MINUTE);
    expect(reads).toHaveLength(1);
    one.now += 60;
    for (let index = 0; index < 5; index++) take(one, MINUTE);
    expect(reads).toHaveLength(2);
  });

  it("remembers a bounded number of keys", () => {
    const one = rig("sliding-window");
    one.now = Math.floor(one.now / 60) * 60 + 1;
    for (let index = 0; index < 10_000; index++) take(one, MINUTE, 1, `k${String(index)}`);
    one.store.operations = 0;
    take(one, MINUTE, 1, "k9999");
    expect(one.store.operations).toBe(1);
    take(one, MINUTE, 1, "k1");
    expect(one.store.operations).toBe(3);
  });
});
