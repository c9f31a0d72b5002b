/** What the rate and concurrency limits do, whatever gateway they run in. Four workers: that they are exact over all is the point. */
import { expect } from "vitest";
import { gate, startBackend, type Backend } from "../harness/backend.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import type { HostKind, HostUnderTest, Written } from "./host-under-test.ts";

interface LimitCase {
  readonly name: string;
  run(kind: HostKind, atEnd: (end: () => Promise<void>) => void): Promise<void>;
}

interface Limited {
  readonly host: HostUnderTest;
  readonly backend: Backend;
  readonly url: string;
  config(plugins: object): Written;
}

async function limited(
  kind: HostKind,
  atEnd: (end: () => Promise<void>) => void,
  plugins: Readonly<Record<string, object>>,
): Promise<Limited> {
  const backend = await startBackend();
  atEnd(() => backend.stop());
  const config = (settings: object): Written => ({
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
    routes: ["limited", "beside"].map((name) => ({ name, path: `/${name}`, upstream: "one", plugins: settings })),
  });
  const host = await kind.start(config(plugins), { workers: 4 });
  atEnd(() => host.stop());
  return { host, backend, url: `${host.url}/limited`, config };
}

/** So long that a test hardly ever sees its end, which is one of the clock. */
const WINDOW = { algorithm: "fixed-window", window_seconds: 2_000_000 } as const;
const rate = (settings: object): Record<string, object> => ({ "adaptive-rate-limit": { ...WINDOW, ...settings } });
/** A limit that stays where it is. */
const places = (count: number, settings: object = {}): Record<string, object> => ({
  "adaptive-concurrency": { limit: { initial: count, min: count, max: count }, ...settings },
});

const CRITICAL = { headers: { "x-priority": "critical" } };

export const RATE_LIMIT_CASES: readonly LimitCase[] = [
  {
    name: "exactly the limit is let through over all workers, and the rest is told when to come back",
    run: async (kind, atEnd) => {
      const { url, backend } = await limited(kind, atEnd, rate({ limit: 20 }));
      const answers = await sendMany(60, url);
      expect(statuses(answers)).toEqual({ 200: 20, 429: 40 });
      expect(backend.arrived).toHaveLength(20);
      const refused = answers.find(({ status }) => status === 429);
      expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(0);
      expect(refused?.headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(refused?.body ?? "")).toMatchObject({ status: 429 });
      expect(refused?.headers["ratelimit-policy"]).toBe('"default";q=20;w=2000000');
      const passed = answers.find(({ status }) => status === 200);
      expect(passed?.headers["ratelimit"]).toMatch(/^"default";r=\d+;t=\d+$/);
    },
  },
  {
    name: "clients are told apart by the key, and routes by themselves",
    run: async (kind, atEnd) => {
      const { url, host } = await limited(kind, atEnd, rate({ limit: 3, key: ["header:X-Client"] }));
      for (const client of ["a", "b"]) {
        expect(statuses(await sendMany(6, url, { headers: { "x-client": client } }))).toEqual({ 200: 3, 429: 3 });
      }
      const beside = await sendMany(6, `${host.url}/beside`, { headers: { "x-client": "a" } });
      expect(statuses(beside)).toEqual({ 200: 3, 429: 3 });
    },
  },
  {
    name: "a consumer that the host knows has its own limit, and its tier's",
    run: async (kind, atEnd) => {
      const tiers = { by: "consumer", default: "free", limits: { free: 2, alice: 5 } };
      const { url } = await limited(kind, atEnd, rate({ key: ["consumer"], tiers }));
      expect(statuses(await sendMany(8, url, { headers: { "x-fake-consumer": "alice" } }))).toEqual({ 200: 5, 429: 3 });
      expect(statuses(await sendMany(8, url, { headers: { "x-fake-consumer": "bob" } }))).toEqual({ 200: 2, 429: 6 });
    },
  },
  {
    name: "a push keeps what was taken",
    run: async (kind, atEnd) => {
      const { url, host, config } = await limited(kind, atEnd, rate({ limit: 10 }));
      expect(statuses(await sendMany(10, url))).toEqual({ 200: 10 });
      await host.push(config(rate({ limit: 15 })));
      expect(statuses(await sendMany(20, url))).toEqual({ 200: 5, 429: 15 });
    },
  },
  {
    name: "is lowered by hand, in every worker",
    run: async (kind, atEnd) => {
      const { host, url } = await limited(kind, atEnd, rate({ limit: 100, key: ["header:X-Client"] }));
      const put = await host.put("/limits/limited", { factor: 0.1, ttl_seconds: 60 });
      expect(put.status).toBe(200);
      let client = 0;
      await eventually("a tenth is let through", async () => {
        client += 1;
        return statuses(await sendMany(24, url, { headers: { "x-client": String(client) } }))[200] === 10;
      });
      const wrong = await host.put("/limits/limited", { factor: 7 });
      expect(wrong.status).toBe(422);
    },
  },
  {
    name: "in shadow mode nobody is refused, and what would have been is counted",
    run: async (kind, atEnd) => {
      const { host, url } = await limited(kind, atEnd, rate({ limit: 5, mode: "shadow" }));
      expect(statuses(await sendMany(20, url))).toEqual({ 200: 20 });
      await eventually("it is counted", async () => {
        const sample = 'gateway_rate_limit_requests_total{policy="default",result="would_refuse",route="limited"}';
        return metric(await host.metrics(), sample) === 15;
      });
    },
  },
];

interface ShownConcurrency {
  readonly limit: number;
  readonly in_flight: number;
}

async function inFlight(host: HostUnderTest): Promise<number | undefined> {
  const shown = (await host.status())["concurrency"] as Record<string, ShownConcurrency> | undefined;
  return shown?.["route:limited"]?.in_flight;
}

export const CONCURRENCY_CASES: readonly LimitCase[] = [
  {
    name: "more than the limit at once is shed over all workers, and places are given back",
    run: async (kind, atEnd) => {
      const { host, url, backend } = await limited(kind, atEnd, places(6));
      const held = gate();
      backend.respond = held.respond;
      const going = sendMany(20, url, CRITICAL);
      await eventually("all places are taken", () => backend.arrived.length === 6);
      expect(await inFlight(host)).toBe(6);
      const shed = await send(url, CRITICAL);
      expect([shed.status, shed.headers["content-type"]]).toEqual([503, "application/problem+json"]);
      expect(Number(shed.headers["retry-after"])).toBeGreaterThan(0);
      held.open();
      expect(statuses(await going)).toEqual({ 200: 6, 503: 14 });
      await eventually("the places are free", async () => (await inFlight(host)) === 0);
      expect((await send(url)).status).toBe(200);
    },
  },
  {
    name: "what matters less leaves places to what matters more",
    run: async (kind, atEnd) => {
      const { url, backend } = await limited(kind, atEnd, places(10));
      const held = gate();
      backend.respond = held.respond;
      const batch = sendMany(10, url, { headers: { "x-priority": "batch" } });
      await eventually("batch has its share", () => backend.arrived.length === 4);
      const normal = sendMany(10, url);
      await eventually("normal has the rest of its own", () => backend.arrived.length === 8);
      const critical = sendMany(4, url, CRITICAL);
      await eventually("critical has what is left", () => backend.arrived.length === 10);
      held.open();
      expect(statuses(await batch)).toEqual({ 200: 4, 503: 6 });
      expect(statuses(await normal)).toEqual({ 200: 4, 503: 6 });
      expect(statuses(await critical)).toEqual({ 200: 2, 503: 2 });
    },
  },
  {
    name: "a request may wait for a place, and gets it when one is free",
    run: async (kind, atEnd) => {
      const { url, backend } = await limited(kind, atEnd, places(2, { queue: { depth: 20, timeout_seconds: 30 } }));
      const held = gate();
      backend.respond = held.respond;
      const going = sendMany(8, url, CRITICAL);
      await eventually("both places are taken", () => backend.arrived.length === 2);
      held.open();
      expect(statuses(await going)).toEqual({ 200: 8 });
    },
  },
  {
    name: "a client that leaves gives its place back",
    run: async (kind, atEnd) => {
      const { host, url, backend } = await limited(kind, atEnd, places(3));
      backend.respond = () => new Promise(() => undefined);
      const leaving = new AbortController();
      const going = sendMany(3, url, { ...CRITICAL, signal: leaving.signal }).catch(() => "left");
      await eventually("the places are taken", () => backend.arrived.length === 3);
      leaving.abort();
      expect(await going).toBe("left");
      await eventually("they are free", async () => (await inFlight(host)) === 0);
    },
  },
];
