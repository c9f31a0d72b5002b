import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../test/harness/memory-store.ts";
import { EPOCH_SECONDS } from "../_core/limit/gcra.ts";
import type { Algorithm } from "./config.ts";
import type { Quota } from "./limiter.ts";
import { localLimiter } from "./limiters.ts";

const WORKERS = 3;
const LIMIT = 12;
const WINDOW_SECONDS = 12;
const BURST = 4;
const MOST_COST = 2;
const QUOTA: Quota = { limit: LIMIT, windowSeconds: WINDOW_SECONDS, burst: BURST };
/** A window of the clock begins here. */
const START = EPOCH_SECONDS + 28_512_000;

interface Admitted {
  readonly at: number;
  readonly cost: number;
}

const action = fc.record({
  worker: fc.nat(WORKERS - 1),
  cost: fc.constantFrom(1, 1, 1, 2),
  waitMs: fc.constantFrom(0, 0, 0, 0, 100, 900, 1000, 3000),
  // After how many operations of whoever is at work this one begins.
  after: fc.integer({ min: 1, max: 3 }),
});
const actions = fc.array(action, { minLength: 20, maxLength: 80, size: "max" });

let interrupted = 0;
/** When a bucket was found full that had been in use. */
let refills: number[] = [];

type Action = { worker: number; cost: number; waitMs: number; after: number };

/** Runs the actions, each of which may begin in the midst of another worker's; the clock moves between those that do not. */
function run(algorithm: Algorithm, list: readonly Action[]): Admitted[] {
  let now = START;
  const store = memoryStore(() => now);
  const limiters = Array.from({ length: WORKERS }, () => localLimiter(algorithm, store));
  const admitted: Admitted[] = [];
  const busy = new Set<number>();
  const incr = store.incr.bind(store);
  refills = [];
  store.incr = (...args) => {
    if (store.ttl("k") === undefined) refills.push(now);
    return incr(...args);
  };
  const queue = [...list];
  let countdown = 0;
  const perform = ({ worker, cost }: (typeof queue)[number]): void => {
    busy.add(worker);
    if (limiters[worker]!.take("k", QUOTA, cost, now)) admitted.push({ at: now, cost });
    busy.delete(worker);
  };
  store.interrupt = () => {
    countdown -= 1;
    const next = queue[0];
    if (countdown > 0 || next === undefined || busy.has(next.worker)) return;
    queue.shift();
    countdown = next.after;
    interrupted += 1;
    perform(next);
  };
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    now += next.waitMs / 1000;
    countdown = next.after;
    perform(next);
  }
  return admitted;
}

const sum = (list: readonly Admitted[]): number => list.reduce((total, { cost }) => total + cost, 0);

/** Admitted in each window of the clock. */
function byWindow(list: readonly Admitted[]): number[] {
  const sums: number[] = [];
  for (const { at, cost } of list) {
    const number = Math.floor((at - START) / WINDOW_SECONDS);
    sums[number] = (sums[number] ?? 0) + cost;
  }
  return sums;
}

describe("workers in the midst of each other", () => {
  it.each(["fixed-window", "sliding-window"] as const)("%s: never more than the limit in a window", (algorithm) => {
    interrupted = 0;
    fc.assert(
      fc.property(actions, (list) => {
        for (const used of byWindow(run(algorithm, list))) expect(used).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 1000 },
    );
    // Nothing is shown by races that did not happen.
    expect(interrupted).toBeGreaterThan(1000);
  });

  it.each(["fixed-window", "sliding-window", "gcra"] as const)(
    "%s: in one moment exactly what there is, cost 1",
    (algorithm) => {
      const most = algorithm === "gcra" ? BURST : LIMIT;
      fc.assert(
        fc.property(actions, (list) => {
          const alike = list.map((one) => ({ ...one, cost: 1, waitMs: 0 }));
          expect(sum(run(algorithm, alike))).toBe(Math.min(list.length, most));
        }),
        { numRuns: 1000 },
      );
    },
  );

  it("GCRA: burst + rate x time, and no more for each refill than what the other workers are at", () => {
    interrupted = 0;
    fc.assert(
      fc.property(actions, (list) => {
        const admitted = run("gcra", list);
        for (let from = 0; from < admitted.length; from++) {
          for (let to = from; to < admitted.length; to++) {
            const seconds = admitted[to]!.at - admitted[from]!.at;
            const full = refills.filter((at) => at > admitted[from]!.at && at <= admitted[to]!.at).length;
            const most = BURST + (LIMIT / WINDOW_SECONDS) * (seconds + 0.002) + full * (WORKERS - 1) * MOST_COST;
            const found = sum(admitted.slice(from, to + 1));
            expect(found).toBeLessThanOrEqual(most);
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(interrupted).toBeGreaterThan(1000);
  });

  it("GCRA: a worker whose clock is behind a refill adds to it at most what it is about to take", () => {
    for (let operation = 1; operation <= 2; operation++) {
      let now = START;
      const store = memoryStore(() => now);
      const [slow, fast] = [localLimiter("gcra", store), localLimiter("gcra", store)];
      for (let index = 0; index < BURST; index++) fast.take("k", QUOTA, 1, now);
      const end = START + BURST;
      now = end - 0.002;
      let seen = 0;
      let passed = 0;
      store.interrupt = () => {
        seen += 1;
        if (seen !== operation) return;
        store.interrupt = undefined;
        // The bucket has become full while the slow one is at work.
        now = end;
        for (let index = 0; index < 10; index++) passed += fast.take("k", QUOTA, 1, now) ? 1 : 0;
      };
      const late = slow.take("k", QUOTA, 1, end - 0.002);
      passed += late ? 1 : 0;
      store.interrupt = undefined;
      for (let index = 0; index < 10; index++) passed += fast.take("k", QUOTA, 1, now) ? 1 : 0;
      expect(passed).toBeGreaterThanOrEqual(BURST);
      expect(passed).toBeLessThanOrEqual(BURST + 1);
    }
  });
});
