import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeNode, fakeWorker, type FakeNode } from "../../../test/harness/fake-host.ts";
import { fakeRedis, type FakeRedis } from "../../../test/harness/fake-redis.ts";
import type { PolicyConfig, RedisConfig } from "../config.ts";
import type { Limiter } from "../limiter.ts";
import { mostLeased, nextLease } from "./lease-size.ts";
import { redisLimits } from "./redis-limits.ts";

const LIMIT = 40;
const WINDOW = 100;
const quota = { limit: LIMIT, windowSeconds: WINDOW, burst: 1 };
const policy: PolicyConfig = {
  name: "default",
  algorithm: "fixed-window",
  limit: LIMIT,
  window_seconds: WINDOW,
  key: ["constant"],
  cost: 1,
};
const config: RedisConfig = {
  url: "redis://:hush@cache",
  timeout_seconds: 0.05,
  mode: "exact",
  retry_seconds: 1,
  tls_verify: true,
};
/** A window of the clock begins. */
const START = 1_700_000_000;

interface Gateway {
  readonly node: FakeNode;
  readonly limiter: Limiter;
  take(): boolean;
  /** Each worker looks once whether Redis is back. */
  look(): void;
  tick(): void;
}

function gateway(
  redis: FakeRedis,
  clock: { now: number },
  replicas: number,
  mode: RedisConfig["mode"] = "exact",
): Gateway {
  const node = fakeNode(START);
  node.redis = () => redis.redis;
  const { host, tick } = fakeWorker(node);
  const limits = redisLimits({ ...config, mode }, host, node.store, () => replicas);
  const limiter = limits.limiterOf(policy);
  const sync = (): void => {
    node.now = clock.now;
  };
  return {
    node,
    limiter,
    take: () => {
      sync();
      return limiter.take("k", quota, 1, node.now);
    },
    look: () => {
      sync();
      for (const task of [...node.tasks]) {
        let looks = 1;
        node.sleep = () => looks-- > 0;
        task();
      }
    },
    tick: () => {
      sync();
      tick();
    },
  };
}

/** How many of so many requests are let through. */
const admitted = (one: Gateway, count: number): number =>
  Array.from({ length: count }, one.take).filter(Boolean).length;

test("lost: the own share, and Redis is left alone until a look finds it again", () => {
  const clock = { now: START };
  const redis = fakeRedis(() => clock.now);
  const one = gateway(redis, clock, 4);
  expect(admitted(one, 5)).toBe(5);
  redis.problem = "timeout";
  expect(admitted(one, 50)).toBe(10);
  expect(redis.asked).toBe(6);
  one.look();
  expect(redis.asked).toBe(7);
  redis.problem = undefined;
  one.look();
  expect(admitted(one, 50)).toBe(0);
  // A window later Redis alone decides.
  clock.now += 2 * WINDOW;
  expect(admitted(one, 60)).toBe(LIMIT);
  expect(one.node.events.map(({ from, to }) => `${from} ${to}`)).toEqual(["up lost", "lost up"]);
  expect(one.node.problems).toHaveLength(1);
  expect(JSON.stringify([one.node.events, one.node.problems])).not.toContain("hush");
});

test.each(["OOM command not allowed", "READONLY You can't write", "LOADING Redis is loading"])(
  "%s: the own share",
  (refusal) => {
    const clock = { now: START };
    const redis = fakeRedis(() => clock.now);
    const one = gateway(redis, clock, 2);
    redis.refusal = refusal;
    expect(admitted(one, 50)).toBe(20);
    one.look();
    expect(one.node.events).toHaveLength(1);
    expect(one.node.problems[0]).toContain(refusal);
  },
);

test("restarted unnoticed: the first request that meets it is decided by both", () => {
  const clock = { now: START };
  const redis = fakeRedis(() => clock.now);
  const one = gateway(redis, clock, 4);
  expect(admitted(one, 60)).toBe(LIMIT);
  redis.restart();
  expect(admitted(one, 60)).toBe(10);
  expect(one.node.events.map(({ from, to }) => `${from} ${to}`)).toEqual(["up up"]);
});

test("a worker that was cut off alone tells the others", () => {
  const clock = { now: START };
  const redis = fakeRedis(() => clock.now);
  const one = gateway(redis, clock, 4);
  const { host, tick } = fakeWorker(one.node);
  const other = redisLimits(config, host, one.node.store, () => 4).limiterOf(policy);
  redis.problem = "closed";
  expect(admitted(one, 20)).toBe(10);
  redis.problem = undefined;
  one.look();
  tick();
  expect(Array.from({ length: 60 }, () => other.take("k", quota, 1, clock.now)).filter(Boolean)).toHaveLength(0);
});

test("whatever Redis does: never more than the limit and one share in a window, and the limit alone where it did nothing", () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant("requests" as const), count: fc.nat({ max: 30 }) }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant("waits" as const), count: fc.nat({ max: 120 }) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("loss", "return", "restart"), count: fc.constant(0) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(1, 2, 4), (steps, replicas) => {
      const clock = { now: START };
      const redis = fakeRedis(() => clock.now);
      const one = gateway(redis, clock, replicas);
      const counts = new Map<number, number>();
      const disturbed = new Set<number>();
      for (const { does, count } of steps) {
        const window = Math.floor(clock.now / WINDOW);
        if (does === "requests") counts.set(window, (counts.get(window) ?? 0) + admitted(one, count));
        else if (does === "waits") clock.now += count;
        else if (does === "loss") redis.problem = "timeout";
        else if (does === "return") redis.problem = undefined;
        else redis.restart();
        // A loss is one when a request meets it.
        if (does === "loss" || does === "restart" || redis.problem !== undefined) disturbed.add(window);
        one.look();
      }
      for (const [window, count] of counts) {
        expect(count).toBeLessThanOrEqual(disturbed.has(window) ? LIMIT + LIMIT / replicas : LIMIT);
      }
    }),
    { numRuns: 500 },
  );
});

test("leases: two gateways let through no more than the limit, nearly all of it, and ask rarely", () => {
  const clock = { now: START };
  const redis = fakeRedis(() => clock.now);
  const big = { ...quota, limit: 4000 };
  const two = [gateway(redis, clock, 2, "batch"), gateway(redis, clock, 2, "batch")];
  for (let window = 0; window < 3; window++) {
    let total = 0;
    redis.asked = 0;
    for (let n = 0; n < 4000; n++) {
      clock.now = START + window * WINDOW + n * 0.02;
      for (const one of two) {
        one.node.now = clock.now;
        total += one.limiter.take("k", big, 1, clock.now) ? 1 : 0;
      }
    }
    expect(total).toBeLessThanOrEqual(4000);
    expect(total).toBeGreaterThanOrEqual(4000 - 2 * mostLeased(big, 2, false));
    expect(redis.asked).toBeLessThan(200);
  }
});

test("leases: two operations of the store for a request that needs no new one", () => {
  const clock = { now: START };
  const redis = fakeRedis(() => clock.now);
  const one = gateway(redis, clock, 1, "batch");
  const big = { ...quota, limit: 4000 };
  const few: number[] = [];
  for (let n = 0; n < 5000; n++) {
    const [asked, before] = [redis.asked, one.node.store.operations];
    one.limiter.take("k", big, 1, clock.now);
    if (redis.asked === asked) few.push(one.node.store.operations - before);
  }
  expect(few.length).toBeGreaterThan(4900);
  expect(Math.max(...few)).toBe(2);
});

test("leases: what lapses unused is never more than what was used, and one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 20 }), (most, leases) => {
      let used = 0;
      let size = 0;
      for (let n = 0; n < leases; n++) {
        size = nextLease(size, most, 1);
        expect(size - 1).toBeLessThanOrEqual(used + 1);
        expect(size).toBeLessThanOrEqual(Math.max(1, most));
        used += size;
      }
    }),
  );
});
