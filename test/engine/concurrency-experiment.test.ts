/**
 * The experiment of plugins/adaptive-concurrency/README.md. A backend that does 10 requests at once in 0.1 s each is sent three
 * times as much as it can do, by clients that leave after a second; with the plugin and without.
 *
 * `CONCURRENCY_EXPERIMENT_IMAGE=docs/images/concurrency-experiment.svg` draws what happened, and prints the figures.
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { linePlot, type PlotLine } from "../harness/line-plot.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { openLoop, type OpenLoop, type Outcome } from "../harness/open-loop.ts";
import { queueingBackend, type QueueingBackend } from "../harness/queueing-backend.ts";
import { quantile } from "../harness/steady-load.ts";

const SLOTS = 10;
const SERVICE_SECONDS = 0.1;
/** C, in requests a second. */
const CAPACITY = SLOTS / SERVICE_SECONDS;
const CLIENT_SECONDS = 1;

const CLASSES = ["critical", "normal", "batch"].map((name) => ({ name, headers: { "X-Priority": name } }));
const CALM = { critical: 8, normal: 24, batch: 8 };
/** Three times C. */
const OVERLOAD = { critical: 20, normal: 120, batch: 160 };

const CALM_SECONDS = 6;
const OVERLOAD_SECONDS = 18;
/** In the end of the overload the backend takes four times as long. */
const SLOW_SECONDS = 8;
const BARE_CALM_SECONDS = 2;
const BARE_SECONDS = 10;
/** Without the plugin requests begin to time out after a second or two. */
const COLLAPSE_SECONDS = 3;

interface Shown {
  readonly at: number;
  readonly limit: number;
  readonly inFlight: number;
}

interface Stage {
  readonly gateway: Gateway;
  readonly backend: QueueingBackend;
}

async function stage(): Promise<Stage> {
  const backend = await queueingBackend(SLOTS, SERVICE_SECONDS);
  const routes = [
    { name: "guarded", path: "/guarded", upstream: "one", plugins: { "adaptive-concurrency": {} } },
    { name: "bare", path: "/bare", upstream: "one" },
  ];
  const upstreams = { one: { targets: [backend.target], retries: { attempts: 0 } } };
  return { gateway: await gatewayForTest({ upstreams, routes }, { workers: 2 }), backend };
}

async function concurrency(gateway: Gateway): Promise<{ limit: number; in_flight: number }> {
  const { concurrency: shown } = (await gateway.status()) as {
    concurrency: Record<string, { limit: number; in_flight: number }>;
  };
  return shown["route:guarded"] ?? { limit: 0, in_flight: 0 };
}

/** Looks at the limit four times a second, until it is stopped. */
function watch(gateway: Gateway, load: OpenLoop): { readonly shown: Shown[]; stop(): Promise<void> } {
  const shown: Shown[] = [];
  const ends = new AbortController();
  const running = (async () => {
    while (!ends.signal.aborted) {
      const { limit, in_flight: inFlight } = await concurrency(gateway);
      shown.push({ at: load.now(), limit, inFlight });
      await sleep(250);
    }
  })();
  return {
    shown,
    stop: async () => {
      ends.abort();
      await running;
    },
  };
}

const secondsOf = ({ sentAt, endedAt }: Outcome): number => endedAt - sentAt;
const sentIn = (load: OpenLoop, from: number, to: number): Outcome[] =>
  load.outcomes.filter(({ sentAt }) => sentAt >= from && sentAt < to);
/** Answered to clients that were still there. */
const good = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ status }) => status === 200);
const goodput = (load: OpenLoop, from: number, to: number): number =>
  good(load.outcomes.filter(({ endedAt }) => endedAt >= from && endedAt < to)).length / (to - from);
const p99 = (outcomes: readonly Outcome[]): number => quantile(good(outcomes).map(secondsOf), 0.99);
const lost = (outcomes: readonly Outcome[], name: string): number => {
  const those = outcomes.filter(({ of }) => of === name);
  return 1 - good(those).length / those.length;
};

/** A figure for each second. */
function perSecond(until: number, figure: (from: number, to: number) => number): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  for (let from = 0; from + 1 <= until; from += 0.5) {
    const value = figure(from, from + 1);
    if (Number.isFinite(value)) points.push([from + 0.5, value]);
  }
  return points;
}

function draw(
  file: string,
  guarded: OpenLoop,
  bare: OpenLoop,
  shown: readonly Shown[],
  marks: readonly number[],
): void {
  const [overload = 0, slow = 0, calm = 0, end = 0] = marks;
  // Both overloads begin at the same place.
  const shift = overload - BARE_CALM_SECONDS;
  const later = (points: (readonly [number, number])[]): (readonly [number, number])[] =>
    points.map(([x, y]) => [x + shift, y]);
  const bareUntil = BARE_CALM_SECONDS + BARE_SECONDS;
  const latency = (load: OpenLoop) => (from: number, to: number) => 1000 * p99(sentIn(load, from, to));
  const rate = (load: OpenLoop) => (from: number, to: number) => goodput(load, from, to);
  const offered: PlotLine = {
    name: "offered",
    color: 5,
    points: perSecond(end, (from, to) => sentIn(guarded, from, to).length / (to - from)),
  };
  const plot = linePlot({
    title: `adaptive-concurrency: three times what a backend can do (${String(CAPACITY)} requests/s)`,
    seconds: end,
    phases: [
      { from: overload, to: slow, name: "3 x C", shaded: true },
      { from: slow, to: calm, name: "3 x C, 4 x slower", shaded: true },
      { from: calm, to: end, name: "after both", shaded: false },
    ],
    panels: [
      {
        title: "Requests under way",
        top: 32,
        lines: [
          { name: "limit", color: 1, points: shown.map(({ at, limit }) => [at, limit]) },
          { name: "in flight", color: 2, points: shown.map(({ at, inFlight }) => [at, inFlight]) },
        ],
      },
      {
        title: "p99 of what was answered, ms",
        top: 1000,
        lines: [
          { name: "with the plugin", color: 3, points: perSecond(end, latency(guarded)) },
          { name: "without", color: 4, dashed: true, points: later(perSecond(bareUntil, latency(bare))) },
        ],
      },
      {
        title: "Requests/s",
        top: 400,
        lines: [
          offered,
          { name: "answered in time with the plugin", color: 3, points: perSecond(end, rate(guarded)) },
          { name: "without", color: 4, dashed: true, points: later(perSecond(bareUntil, rate(bare))) },
        ],
      },
    ],
  });
  writeFileSync(file, plot);
}

describeWithEngine("adaptive-concurrency: a backend is sent three times what it can do", () => {
  test(
    "with the plugin it goes on at its capacity and answers fast; without it collapses",
    { timeout: 120_000 },
    async () => {
      const { gateway, backend } = await stage();
      const guarded = openLoop(`${gateway.url}/guarded`, CLASSES, CLIENT_SECONDS);
      const watched = watch(gateway, guarded);
      guarded.setRates(CALM);
      await sleep(CALM_SECONDS * 1000);
      const overload = guarded.now();
      guarded.setRates(OVERLOAD);
      await sleep(OVERLOAD_SECONDS * 1000);
      const slow = guarded.now();
      backend.serveIn(4 * SERVICE_SECONDS);
      await sleep(SLOW_SECONDS * 1000);
      const fallen = await concurrency(gateway);
      const calm = guarded.now();
      backend.serveIn(SERVICE_SECONDS);
      guarded.setRates(CALM);
      await eventually("the limit is back", async () => (await concurrency(gateway)).limit >= 20, 30);
      const recovered = guarded.now() - calm;
      await sleep(2000);
      const end = guarded.now();
      guarded.setRates({});
      await watched.stop();
      await guarded.stop();

      const bare = openLoop(`${gateway.url}/bare`, CLASSES, CLIENT_SECONDS);
      bare.setRates(CALM);
      await sleep(BARE_CALM_SECONDS * 1000);
      const bareOverload = bare.now();
      bare.setRates(OVERLOAD);
      await sleep(BARE_SECONDS * 1000);
      const bareEnd = bare.now();
      await bare.stop();

      const during = sentIn(guarded, overload, slow);
      const figures = {
        unloadedP99: p99(sentIn(guarded, 1, overload)),
        goodput: goodput(guarded, overload + 0.5, slow) / CAPACITY,
        admittedP99: p99(during),
        criticalLost: lost(during, "critical"),
        normalLost: lost(during, "normal"),
        batchLost: lost(during, "batch"),
        limitInSlow: fallen.limit,
        recoveredSeconds: recovered,
        bareGoodput: goodput(bare, bareOverload + COLLAPSE_SECONDS, bareEnd) / CAPACITY,
        bareCriticalLost: lost(sentIn(bare, bareOverload + COLLAPSE_SECONDS, bareEnd - CLIENT_SECONDS), "critical"),
      };
      const image = process.env["CONCURRENCY_EXPERIMENT_IMAGE"];
      if (image !== undefined) {
        draw(image, guarded, bare, watched.shown, [overload, slow, calm, end]);
        process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
      }

      expect(figures.goodput, "of C, with the plugin").toBeGreaterThanOrEqual(0.9);
      expect(figures.admittedP99, "p99 of what was let in").toBeLessThanOrEqual(3 * figures.unloadedP99);
      expect(figures.criticalLost).toBeLessThan(0.01);
      expect(figures.batchLost).toBeGreaterThan(0.5);
      expect(figures.limitInSlow, "the limit before a slow backend").toBeLessThan(16);
      expect(figures.recoveredSeconds).toBeLessThan(30);
      expect(figures.bareGoodput, "of C, without the plugin").toBeLessThan(0.3);
      expect(figures.bareCriticalLost, "without the plugin").toBeGreaterThan(0.5);
    },
  );
});
