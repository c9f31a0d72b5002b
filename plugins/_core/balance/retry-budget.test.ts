import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRetryBudget, deposit, withdraw, type RetryBudget } from "./retry-budget.ts";

const START = 1_700_000_000;

function withdrawals(budget: RetryBudget, now: number, most = 10_000): number {
  let count = 0;
  while (count < most && withdraw(budget, now)) count += 1;
  return count;
}

describe("retry budget", () => {
  it("allows ten seconds of the minimum at once, and then the minimum", () => {
    const budget = createRetryBudget(20, 10);
    expect(withdrawals(budget, START)).toBe(100);
    expect(withdrawals(budget, START + 1)).toBe(10);
    expect(withdrawals(budget, START + 1.0625)).toBe(0);
    expect(withdrawals(budget, START + 1.125)).toBe(1);
    expect(withdrawals(budget, START + 3600)).toBe(100);
  });

  it("allows so many percent of the requests", () => {
    const budget = createRetryBudget(20, 0);
    expect(withdraw(budget, START)).toBe(false);
    let retries = 0;
    for (let request = 0; request < 1000; request++) {
      deposit(budget, START);
      retries += withdraw(budget, START) ? 1 : 0;
    }
    expect(retries).toBeGreaterThanOrEqual(199);
    expect(retries).toBeLessThanOrEqual(200);
  });

  it("forgets what was not used", () => {
    const budget = createRetryBudget(20, 0);
    for (let request = 0; request < 1000; request++) deposit(budget, START);
    expect(budget.tokens).toBeCloseTo(200);
    // 200 / e
    expect(withdrawals(budget, START + 10)).toBe(73);
    for (let request = 0; request < 1000; request++) deposit(budget, START + 10);
    expect(withdrawals(budget, START + 100)).toBe(0);
  });

  it("keeps to a minimum of less than one in ten seconds, too", () => {
    const budget = createRetryBudget(0, 0.05);
    expect(withdrawals(budget, START)).toBe(1);
    expect(withdrawals(budget, START + 19)).toBe(0);
    expect(withdrawals(budget, START + 21)).toBe(1);
  });

  it("never allows any without a percentage and a minimum", () => {
    const budget = createRetryBudget(0, 0);
    deposit(budget, START);
    expect(withdrawals(budget, START + 100)).toBe(0);
  });

  it("goes on from a clock that was set back", () => {
    const budget = createRetryBudget(0, 1);
    expect(withdrawals(budget, START)).toBe(10);
    expect(withdrawals(budget, START - 3600)).toBe(0);
    expect(withdrawals(budget, START - 3595)).toBe(5);
  });

  const step = fc.record({
    pause: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 15, noNaN: true })),
    requests: fc.nat(30),
    retries: fc.nat(30),
  });
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  const minimum = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 20, noNaN: true }));

  it("over any time allows no more than its share of the requests, the minimum, and what was left before", () => {
    fc.assert(
      fc.property(percent, minimum, fc.array(step, { minLength: 1, maxLength: 40 }), (share, least, steps) => {
        const budget = createRetryBudget(share, least);
        const reserve = least === 0 ? 0 : Math.max(1, least * 10);
        const log: { readonly at: number; readonly requests: number; readonly retries: number }[] = [];
        let at = START;
        for (const { pause, requests, retries } of steps) {
          at += pause;
          for (let i = 0; i < requests; i++) deposit(budget, at);
          log.push({ at, requests, retries: withdrawals(budget, at, retries) });
        }
        log.forEach((first, from) => {
          let left = reserve;
          for (const { at: before, requests } of log.slice(0, from)) {
            left += (share / 100) * requests * Math.exp(-(first.at - before) / 10);
          }
          let [requests, retries] = [0, 0];
          for (const entry of log.slice(from)) {
            requests += entry.requests;
            retries += entry.retries;
            const allowed = left + (share / 100) * requests + least * (entry.at - first.at);
            expect(retries).toBeLessThanOrEqual(allowed + 1e-6);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it("allows what it promises: after ten quiet seconds the percentage and the minimum are there", () => {
    fc.assert(
      fc.property(percent, minimum, fc.array(step), fc.nat(100), (share, least, steps, requests) => {
        const budget = createRetryBudget(share, least);
        let at = START;
        for (const one of steps) {
          at += one.pause;
          withdrawals(budget, at, one.retries);
        }
        at += 10;
        for (let i = 0; i < requests; i++) deposit(budget, at);
        expect(withdrawals(budget, at)).toBeGreaterThanOrEqual(
          Math.floor(least * 10 + (share / 100) * requests - 1e-6),
        );
      }),
    );
  });

  it("is a number of 0 or more, whatever the clock does", () => {
    const anyTime = fc.double({ noNaN: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(percent, minimum, fc.array(fc.tuple(anyTime, fc.boolean())), (share, least, calls) => {
        const budget = createRetryBudget(share, least);
        for (const [now, isRetry] of calls) {
          if (isRetry) withdraw(budget, now);
          else deposit(budget, now);
          expect(budget.tokens).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(budget.tokens)).toBe(true);
        }
      }),
    );
  });
});
