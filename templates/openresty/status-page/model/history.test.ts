import { describe, expect, test } from "vitest";
import { nextTrail, SLOTS, sumTrails, weighted, type Trail } from "./history.ts";
import { totalsOf } from "./totals.ts";

const trail = (values: Partial<Trail>): Trail => ({
  rps: [],
  error_rate: [],
  latency_p50: [],
  latency_p90: [],
  latency_p99: [],
  ...values,
});

describe("the trail of a route", () => {
  test("is the gateway's history, whatever the page has seen", () => {
    const before = nextTrail(undefined, { rps: 9 });
    const next = nextTrail(before, { rps: 3, history: { step_seconds: 5, rps: [1, null, 2] } });
    expect(next.rps).toEqual([1, null, 2]);
    expect(next.latency_p99).toEqual([]);
  });

  test("holds no more than the chart", () => {
    const rps = Array.from({ length: SLOTS + 9 }, (_, index) => index);
    expect(nextTrail(undefined, { history: { step_seconds: 5, rps } }).rps).toEqual(rps.slice(9));
    let seen: Trail | undefined;
    for (const value of rps) seen = nextTrail(seen, { rps: value });
    expect(seen?.rps).toEqual(rps.slice(9));
  });

  test("is remembered by the page where the gateway gives no history", () => {
    const first = nextTrail(undefined, { rps: 1 });
    const second = nextTrail(first, { rps: 2 });
    expect(nextTrail(second, {}).rps).toEqual([1, 2, null]);
  });

  test("stays empty as long as nothing is known", () => {
    expect(nextTrail(undefined, {}).rps).toEqual([]);
  });

  test("an empty list that Lua wrote as an object is an empty list", () => {
    expect(nextTrail(undefined, { history: { step_seconds: 5, rps: {} as never } }).rps).toEqual([]);
  });
});

describe("all routes together", () => {
  test("rates add up, errors weigh by rate, the worst latency is shown", () => {
    const sum = sumTrails([
      trail({ rps: [10, 10], error_rate: [0, 0], latency_p99: [0.1, 0.3] }),
      trail({ rps: [30, null], error_rate: [4, null], latency_p99: [0.2, null] }),
    ]);
    expect(sum.rps).toEqual([40, 10]);
    expect(sum.error_rate).toEqual([3, 0]);
    expect(sum.latency_p99).toEqual([0.2, 0.3]);
  });

  test("the newest values line up", () => {
    expect(sumTrails([trail({ rps: [1, 2, 3] }), trail({ rps: [10] })]).rps).toEqual([1, 2, 13]);
  });

  test("nothing is nothing", () => {
    expect(sumTrails([])).toEqual(trail({}));
    expect(sumTrails([trail({ rps: [null] })]).rps).toEqual([null]);
    expect(weighted([5], [0])).toBe(0);
  });

  test("the present totals", () => {
    const routes = {
      a: { rps: 10, error_rate: 0, in_flight: 1, latency_p99: 0.1 },
      b: { rps: 30, error_rate: 4, in_flight: 2, latency_p99: 0.05 },
      c: {},
    };
    expect(totalsOf({ routes })).toEqual({ rps: 40, error_rate: 3, in_flight: 3, latency_p99: 0.1 });
    expect(totalsOf({})).toEqual({});
  });
});
