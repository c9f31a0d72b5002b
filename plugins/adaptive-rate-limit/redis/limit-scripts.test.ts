import fc from "fast-check";
import { expect, test } from "vitest";
import { windowAdmits, windowElapsed, windowNumber, windowRemaining } from "../../_core/limit/clock-window.ts";
import { EPOCH_SECONDS } from "../../_core/limit/gcra.ts";
import { slidingRetry, slidingUsed } from "../../_core/limit/sliding-window.ts";
import { memoryStore } from "../../../test/harness/memory-store.ts";
import { describeWithRedis, startRedis } from "../../../test/harness/redis.ts";
import type { Algorithm } from "../config.ts";
import { localLimiter } from "../limiters.ts";
import type { Limiter, Quota, Standing } from "../limiter.ts";
import { newGrant, readGrant, scriptCall, scriptOf, type Grant } from "./scripted-quota.ts";

const ALGORITHMS: readonly Algorithm[] = ["gcra", "fixed-window", "sliding-window"];

/** The script with a clock that is set by hand: what two more arguments say. */
const timed = (algorithm: Algorithm): string =>
  scriptOf(algorithm).replace("redis.call('TIME')", "{ ARGV[5], ARGV[6] }");

interface Scripts {
  run(algorithm: Algorithm, key: string, quota: Quota, least: number, most: number, micros: number): Promise<Grant>;
  ttl(key: string): Promise<number>;
}

async function scripts(): Promise<Scripts> {
  const redis = await startRedis();
  return {
    run: async (algorithm, key, quota, least, most, micros) => {
      const { args } = scriptCall(algorithm, key, quota, least, most);
      const clock = [String(Math.floor(micros / 1e6)), String(micros % 1e6)];
      const items = (await redis.command("EVAL", timed(algorithm), "1", key, ...args, ...clock)) as number[];
      const grant = newGrant();
      const reply = { kind: "list" as const, items: items.map((value) => ({ kind: "integer" as const, value })) };
      expect(readGrant(reply, grant)).toBe(true);
      return grant;
    },
    ttl: async (key) => Number(await redis.command("PTTL", key)) / 1000,
  };
}

/** The sliding window's formulas over counts that nobody else touches: the local limiter counts some refused requests too. */
function slidingReference(): Limiter {
  const last: Standing = { remaining: 0, resetSeconds: 0, retrySeconds: 0 };
  const counts = new Map<number, number>();
  return {
    last,
    take: (_key, { limit, windowSeconds }, cost, now) => {
      const number = windowNumber(now, windowSeconds);
      const elapsed = windowElapsed(now, windowSeconds, number);
      const previous = counts.get(number - 1) ?? 0;
      const current = counts.get(number) ?? 0;
      const used = slidingUsed(previous, current, elapsed / windowSeconds);
      const admitted = windowAdmits(used + cost, limit);
      if (admitted) counts.set(number, current + cost);
      last.remaining = windowRemaining(admitted ? used + cost : used, limit);
      last.resetSeconds = windowSeconds - elapsed;
      last.retrySeconds = slidingRetry(previous, current, cost, limit, elapsed, windowSeconds);
      return admitted;
    },
    giveBack: () => undefined,
  };
}

/** Microseconds: whole ones, as Redis has them. */
const START = (EPOCH_SECONDS + 30_000_000) * 1e6;

const quotas: fc.Arbitrary<Quota> = fc.record({
  limit: fc.integer({ min: 1, max: 500 }),
  windowSeconds: fc.constantFrom(0.5, 1, 10, 60, 3600),
  burst: fc.integer({ min: 1, max: 40 }),
});

/** Microseconds that pass before each request, and its cost. */
const requests = fc.array(fc.tuple(fc.nat({ max: 8 }), fc.constantFrom(1, 1, 1, 2, 5)), {
  minLength: 5,
  maxLength: 25,
});

describeWithRedis("the scripts in a real Redis", () => {
  test.each(ALGORITHMS)("%s: decides as the formulas do", { timeout: 60_000 }, async (algorithm) => {
    const { run } = await scripts();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(quotas, requests, async (quota, all) => {
        let now = START;
        round += 1;
        const key = `k${String(round)}`;
        const store = memoryStore(() => now / 1e6);
        const local = algorithm === "sliding-window" ? slidingReference() : localLimiter(algorithm, store);
        for (const [tenths, cost] of all) {
          // A border of the clock's windows is another one with the last digit of a double.
          now += Math.round(tenths * 0.1 * quota.windowSeconds * 1e6) + 1;
          const admitted = local.take(key, quota, cost, now / 1e6);
          const grant = await run(algorithm, key, quota, cost, cost, now);
          expect([grant.admitted, grant.granted]).toEqual([admitted, admitted ? cost : 0]);
          const last: Standing = local.last;
          expect(grant.remaining).toBeCloseTo(last.remaining, 1);
          expect(grant.resetSeconds).toBeCloseTo(last.resetSeconds, 3);
          if (!admitted) expect(grant.retrySeconds).toBeCloseTo(last.retrySeconds, 3);
        }
      }),
      { numRuns: 25 },
    );
  });

  test.each(ALGORITHMS)("%s: a lease is what is left of what is wanted, and may be given back", async (algorithm) => {
    const { run } = await scripts();
    const quota = { limit: 10, windowSeconds: 1000, burst: 10 };
    const take = (least: number, most: number) => run(algorithm, "k", quota, least, most, START);
    expect(await take(1, 4)).toMatchObject({ admitted: true, granted: 4 });
    expect(await take(2, 4)).toMatchObject({ admitted: true, granted: 4 });
    const last = await take(1, 4);
    expect(last.admitted).toBe(true);
    expect(last.granted).toBeCloseTo(2, 2);
    expect(await take(1, 4)).toMatchObject({ admitted: false, granted: 0 });
    await take(-3, -3);
    expect(await take(3, 3)).toMatchObject({ admitted: true });
    expect(await take(1, 1)).toMatchObject({ admitted: false });
    await take(-50, -50);
    expect(await take(10, 10)).toMatchObject({ admitted: true });
    expect(await take(1, 1)).toMatchObject({ admitted: false });
  });

  test.each(ALGORITHMS)(
    "%s: a clock that is set back neither gives a new quota nor shuts out for long",
    async (algorithm) => {
      const { run } = await scripts();
      const quota = { limit: 10, windowSeconds: 100, burst: 10 };
      const take = async (cost: number, seconds: number) =>
        (await run(algorithm, "k", quota, cost, cost, START + seconds * 1e6)).admitted;
      const border = (windowNumber(START / 1e6, 100) + 1) * 100 - START / 1e6;
      expect(await take(10, border + 1)).toBe(true);
      expect(await take(1, border - 1)).toBe(false);
      expect(await take(1, border - 1 + 300)).toBe(true);
      // An hour back: at most one quota more, and nobody waits for the hour.
      await take(10, -3600);
      expect(await take(10, -3600 + 300)).toBe(true);
    },
  );

  test.each(ALGORITHMS)("%s: keys end by themselves", async (algorithm) => {
    const { run, ttl } = await scripts();
    await run(algorithm, "k", { limit: 10, windowSeconds: 5, burst: 10 }, 10, 10, START);
    expect(await ttl("k")).toBeGreaterThan(0);
    expect(await ttl("k")).toBeLessThanOrEqual(11);
  });

  test("a reply that is none of a script's is told from one", () => {
    expect(readGrant({ kind: "text", text: "OK" }, newGrant())).toBe(false);
    expect(readGrant({ kind: "list", items: [] }, newGrant())).toBe(false);
    const one = { kind: "integer", value: 1 } as const;
    expect(readGrant({ kind: "list", items: [one, one, one, one, { kind: "nil" }] }, newGrant())).toBe(false);
  });
});
