import { Agent } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { decisionsIn, metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, statuses, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const WORKERS = 8;
const CONNECTIONS = 64;
/** So long that a test hardly ever sees its end, which is one of the clock. */
const LONG_SECONDS = 2_000_000;
const STEADY = { adapt: { external: false, floor: 1 } };

interface Limited {
  readonly gateway: Gateway;
  /** Sends so many requests over 64 connections. */
  flood(count: number, path?: string, headers?: Record<string, string>): Promise<Answer[]>;
}

async function limited(limits: Readonly<Record<string, object>>): Promise<Limited> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  const routes = Object.entries(limits).map(([name, limit]) => {
    return { name, path: `/${name}`, upstream: "one", plugins: { "adaptive-rate-limit": { ...STEADY, ...limit } } };
  });
  const upstreams = { one: { targets: [backend.target], retries: { attempts: 0 } } };
  const gateway = await gatewayForTest({ upstreams, routes }, { workers: WORKERS });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  onTestFinished(() => {
    agent.destroy();
  });
  return {
    gateway,
    flood: (count, path = "/a", headers = {}) =>
      Promise.all(Array.from({ length: count }, () => send(`${gateway.url}${path}`, { agent, headers }))),
  };
}

describeWithEngine("rate limits over eight workers and 64 connections", () => {
  test("fixed and sliding window let through exactly the limit, GCRA exactly its burst", async () => {
    const window_seconds = LONG_SECONDS;
    const { gateway, flood } = await limited({
      fixed: { algorithm: "fixed-window", limit: 300, window_seconds },
      sliding: { algorithm: "sliding-window", limit: 300, window_seconds },
      gcra: { limit: 1000, burst: 300, window_seconds },
    });
    for (const path of ["/fixed", "/sliding", "/gcra"]) {
      expect([path, statuses(await flood(900, path))]).toEqual([path, { 200: 300, 429: 600 }]);
    }
    // What was refused has used up nothing; and a reload keeps what was taken.
    expect((await gateway.reload()).ok).toBe(true);
    for (const path of ["/fixed", "/sliding", "/gcra"]) {
      expect([path, statuses(await flood(100, path))]).toEqual([path, { 429: 100 }]);
    }
    const count = (result: string): string =>
      `gateway_rate_limit_requests_total{policy="default",result="${result}",route="fixed"}`;
    await eventually("all are counted", async () => {
      const metrics = await gateway.metrics();
      return metric(metrics, count("admitted")) === 300 && metric(metrics, count("refused")) === 700;
    });
    const told = decisionsIn(await gateway.errorLog()).filter(({ subject }) => subject === "limit:fixed/default");
    expect(told.map(({ from, to }) => [from, to])).toEqual([["admitting", "refusing"]]);
  });

  test("GCRA: the burst, and then the rate, over seconds of more than that", async () => {
    const burst = 50;
    const rate = 100;
    const { flood } = await limited({ a: { limit: rate, window_seconds: 1, burst } });
    let passed = 0;
    let refused = 0;
    const from = performance.now();
    while (performance.now() - from < 3000) {
      for (const { status } of await flood(128)) {
        passed += status === 200 ? 1 : 0;
        refused += status === 429 ? 1 : 0;
      }
    }
    const seconds = (performance.now() - from) / 1000;
    expect(refused).toBeGreaterThan(0);
    // Its bucket is never full while more comes than it lets through, so nothing is lost between workers.
    expect(passed).toBeLessThanOrEqual(burst + rate * (seconds + 0.1));
    // 0.006 % of it may be lost to rounding; the last round may have ended a while ago.
    expect(passed).toBeGreaterThan(burst + rate * (seconds - 1) * 0.9);
  });

  test("several policies and tiers: all must pass, and none loses what another refuses", async () => {
    const tiers = { by: "header:X-Plan", default: "free", limits: { free: 40, gold: 120 } };
    const fixed = { algorithm: "fixed-window", window_seconds: LONG_SECONDS };
    const { flood } = await limited({
      a: { ...fixed, limit: 200, key: ["constant"], also: [{ name: "plan", ...fixed, tiers, key: ["header:X-Key"] }] },
    });
    const client = (key: string, plan: string): Record<string, string> => ({ "x-key": key, "x-plan": plan });
    expect(statuses(await flood(200, "/a", client("one", "free")))).toEqual({ 200: 40, 429: 160 });
    expect(statuses(await flood(200, "/a", client("two", "gold")))).toEqual({ 200: 120, 429: 80 });
    // 40 of 200 are left for all.
    const last = await flood(100, "/a", client("three", "gold"));
    expect(statuses(last)).toEqual({ 200: 40, 429: 60 });
    const refused = last.find(({ status }) => status === 429);
    expect(JSON.parse(refused?.body ?? "")).toMatchObject({ "violated-policies": ["default"] });
  });

  test("shadow mode lets all through and counts what it would have refused", async () => {
    const { gateway, flood } = await limited({
      a: { mode: "shadow", algorithm: "fixed-window", limit: 30, window_seconds: LONG_SECONDS },
    });
    const answers = await flood(100);
    expect(statuses(answers)).toEqual({ 200: 100 });
    expect(answers[0]?.headers["ratelimit"]).toBeUndefined();
    const key = 'gateway_rate_limit_requests_total{policy="default",result="would_refuse",route="a"}';
    await eventually("all are counted", async () => metric(await gateway.metrics(), key) === 70);
  });
});
