import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryStore } from "../harness/memory-store.ts";
import { comparable } from "../harness/comparable.ts";
import { healthConfig, peerKeys } from "../harness/health-rig.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";
import type { DecisionEvent, HttpAnswer, HttpRequest, Json } from "../../plugins/_kit/ports.ts";
import type { Config } from "../../plugins/dynamic-upstreams/config.ts";
import { createHealth } from "../../plugins/dynamic-upstreams/health/create-health.ts";
import { emitHealth } from "../../plugins/dynamic-upstreams/health/health-metrics.ts";
import type { Health } from "../../plugins/dynamic-upstreams/health/health.ts";
import type { Peer } from "../../plugins/dynamic-upstreams/peer.ts";

type Step =
  | { readonly do: "try"; readonly worker: number; readonly peer: number; readonly statuses: readonly number[] }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "catchUp"; readonly worker: number }
  | { readonly do: "flush"; readonly worker: number }
  | { readonly do: "sweep"; readonly worker: number }
  | { readonly do: "die"; readonly worker: number }
  | { readonly do: "leave"; readonly count: number }
  | { readonly do: "probe"; readonly worker: number; readonly sick: readonly number[]; readonly agent: string };

interface Options {
  readonly now: number;
  readonly workers: number;
  readonly peers: readonly string[];
}

const OPTIONS: Options = { now: 1_700_000_000, workers: 2, peers: peerKeys(6) };

interface Worker {
  readonly health: Health;
  readonly known: Map<string, Peer>;
  peers: Peer[];
}

function newPeer(key: string): Peer {
  const [host = "", port = ""] = key.split(":");
  return {
    key,
    entry: { host, port: Number(port), weight: 1, priority: 0 },
    ok: 0,
    failed: 0,
    errorsInRow: 0,
    gatewayErrorsInRow: 0,
    suspect: false,
    available: true,
  } as Peer;
}

/** As in the driver: what is encoded is kept, and its text is only a name for it. */
function memoryJson(): Json {
  const documents = new Map<string, unknown>();
  return {
    encode: (value) => {
      const name = `text ${String(documents.size + 1)}`;
      documents.set(name, structuredClone(value));
      return name;
    },
    decode: (text) => structuredClone(documents.get(text)),
  };
}

/** What `run_health` in health-driver.lua does, step by step, with the plugin as TypeScript. */
function runHere(config: Config["health"], options: Options, steps: readonly Step[]): unknown {
  let now = options.now;
  let events: DecisionEvent[] = [];
  let tasks: (() => void)[] = [];
  let request: (asked: HttpRequest) => HttpAnswer = () => ({ status: 0, headers: {}, body: "" });
  let sleep: (seconds: number) => boolean = () => false;
  let present = options.peers;
  const trace: unknown[] = [];
  const workers: Worker[] = [];
  const store = memoryStore(() => now);
  const json = memoryJson();

  const place = (worker: Worker): void => {
    worker.peers = present.map((key) => {
      const peer = worker.known.get(key) ?? newPeer(key);
      worker.known.set(key, peer);
      return peer;
    });
    for (const key of worker.known.keys()) if (!present.includes(key)) worker.known.delete(key);
  };
  const spawn = (index: number): void => {
    let state = index + 1;
    const health = createHealth("backend", config, {
      store,
      json,
      random: {
        next: () => {
          state = (state * 16_807) % 2_147_483_647;
          return state / 2_147_483_647;
        },
      },
      clock: { now: () => now },
      events: { emit: (event) => events.push(event) },
      log: { error: () => undefined, warn: () => undefined, notice: () => undefined },
      http: { request: (asked) => request(asked), stream: (asked) => request(asked), connect: () => ({}) },
      tasks: { start: (task) => tasks.push(task), sleep: (seconds) => sleep(seconds) },
    });
    const worker: Worker = { health, known: new Map(), peers: [] };
    place(worker);
    health.flush(worker.peers, now);
    workers[index] = worker;
  };
  const catchUp = ({ health, peers }: Worker): boolean => {
    const changed = health.catchUp(now);
    for (const peer of peers) peer.available = health.allows(peer.key, now);
    return changed;
  };
  for (let index = 0; index < options.workers; index++) spawn(index);

  const perform = (step: Step): void => {
    if (step.do === "wait") now += step.seconds;
    else if (step.do === "die") spawn(step.worker);
    else if (step.do === "leave") {
      present = options.peers.slice(0, step.count);
      for (const worker of workers) {
        place(worker);
        worker.health.flush(worker.peers, now);
      }
    } else {
      const worker = workers[step.worker]!;
      if (step.do === "catchUp") trace.push(catchUp(worker));
      else if (step.do === "flush") worker.health.flush(worker.peers, now);
      else if (step.do === "sweep") worker.health.sweep(worker.peers, now);
      else if (step.do === "try") {
        const peer = worker.known.get(options.peers[step.peer] ?? "");
        if (peer !== undefined) for (const status of step.statuses) worker.health.tried(peer, status, now);
      } else {
        const until = now + 1.5;
        let asked = 0;
        request = ({ host, port }) => {
          asked += 1;
          const sick = step.sick.some((index) => options.peers[index] === `${host}:${String(port)}`);
          return { status: sick ? 500 : 200, headers: {}, body: step.agent };
        };
        sleep = (seconds) => {
          now += seconds;
          catchUp(worker);
          return now < until;
        };
        tasks = [];
        worker.health.probe(
          () => worker.peers,
          () => true,
        );
        tasks[0]?.();
        trace.push(asked);
      }
    }
  };
  steps.forEach((step, index) => {
    perform(step);
    for (const event of events) trace.push({ at: index + 1, event });
    events = [];
  });
  const shown = workers.map((worker) => {
    catchUp(worker);
    return Object.fromEntries(
      options.peers.map((key) => {
        const condition = worker.health.of(key);
        return [key, { condition, allows: worker.health.allows(key, now), why: condition?.why }];
      }),
    );
  });
  const metrics: Record<string, number> = {};
  emitHealth("backend", config, store, (name, _type, _help, labels, value) => {
    metrics[`${name} ${labels["kind"] ?? labels["result"] ?? ""}`] = value;
  });
  return { trace, shown, metrics };
}

const worker = fc.nat(OPTIONS.workers - 1);
const peer = fc.nat(OPTIONS.peers.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("try" as const),
      worker,
      peer,
      statuses: fc.array(fc.constantFrom(0, 200, 404, 500, 500, 502, 503), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      seconds: fc.constantFrom(0.1, 0.3, 1, 4, 11, 70, -0.2, -7, -5000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("catchUp" as const), worker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("flush" as const), worker }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("sweep" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("probe" as const),
      worker,
      sick: fc.array(peer, { maxLength: 6 }),
      agent: fc.constantFrom("", "50%", "75% up", "drain", "ready 100%", "down", "0%"),
    }),
  },
);
const written = fc.record({
  active: fc.option(
    fc.record({
      interval_seconds: fc.constantFrom(0.5, 1),
      healthy_after: fc.integer({ min: 1, max: 3 }),
      unhealthy_after: fc.integer({ min: 1, max: 3 }),
      agent: fc.boolean(),
    }),
    { nil: undefined },
  ),
  passive: fc.option(
    fc.record({
      consecutive_errors: fc.constantFrom(0, 3, 5),
      consecutive_gateway_errors: fc.constantFrom(0, 2, 5),
      interval_seconds: fc.constantFrom(2, 3.3),
      eject_seconds: fc.constantFrom(1, 5),
      max_eject_seconds: fc.constantFrom(5, 20),
      max_ejected: fc.constantFrom(10, 50, 100),
      success_rate_peers: fc.constantFrom(2, 4),
      success_rate_requests: fc.constantFrom(3, 6),
      failure_rate: fc.constantFrom(0, 60),
      failure_rate_requests: fc.constantFrom(3, 6),
    }),
    { nil: undefined },
  ),
});

/** In which order a table's keys come is Lua's own business: events of one step are a set. */
function ordered(run: unknown): unknown {
  const { trace, ...rest } = comparable(run) as { trace: unknown[] };
  const isEvent = (each: unknown): boolean => typeof each === "object" && each !== null && "at" in each;
  const list = Array.isArray(trace) ? trace : [];
  const canonical = (value: unknown): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => [key, canonical(item)]),
        );
  const events = list.filter(isEvent).map((each) => JSON.stringify(canonical(each)));
  return { ...rest, events: events.sort(), trace: list.filter((each) => !isEvent(each)) };
}

describe.skipIf(!hasLuaJit)(
  `the health of peers as Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`,
  { timeout: 120_000 },
  () => {
    let lua: LuaJit;
    beforeAll(async () => {
      lua = await startLuaJit(["plugins/_core", "plugins/dynamic-upstreams"]);
      for (const file of ["memory-store.lua", "health-driver.lua"]) {
        await lua.run(readFileSync(new URL(file, import.meta.url), "utf8"));
      }
    });
    afterAll(() => lua.stop());

    it("does the same as TypeScript in any scenario: who takes requests, events, metrics", async () => {
      let told = 0;
      await fc.assert(
        fc.asyncProperty(
          written,
          fc.array(step, { minLength: 40, maxLength: 100, size: "max" }),
          async (written, steps) => {
            const config = healthConfig(written);
            const [there] = await lua.run(`return run_health(${[config, OPTIONS, steps].map(luaLiteral).join(",")})`);
            const here = ordered(runHere(config, OPTIONS, steps)) as { events: unknown[] };
            told += here.events.length;
            expect(ordered(there)).toEqual(here);
          },
        ),
        { numRuns: 500 },
      );
      // Scenarios in which nothing happens would agree too.
      expect(told).toBeGreaterThan(500);
    });

    async function probing(count: number, seconds: number, answerSeconds: number): Promise<Record<string, number>> {
      const { active } = healthConfig({ active: { interval_seconds: 5 } });
      const args = [{ active }, count, seconds, answerSeconds].map(luaLiteral).join(",");
      const [result] = await lua.run(`return run_probing(${args})`);
      return result as Record<string, number>;
    }

    it("probes 5,000 peers each interval with few tasks when they answer", async () => {
      const { peers, fewest, most, most_tasks: tasks, left, written: writes } = await probing(5000, 20, 0.005);
      expect(peers).toBe(5000);
      expect(fewest).toBeGreaterThanOrEqual(3);
      expect(most).toBeLessThanOrEqual(5);
      expect(tasks).toBeLessThanOrEqual(32);
      expect(left).toBe(0);
      // Four times a second, and not for each of 5,000 that turn out to be sick.
      expect(writes).toBeLessThanOrEqual(81);
    });

    it("probes with no more tasks than it may when all hang, and each peer in its turn", async () => {
      const { peers, fewest, most, most_tasks: tasks, most_at_once: atOnce, left } = await probing(1000, 40, 1);
      expect(peers).toBe(1000);
      expect([tasks, atOnce]).toEqual([64, 64]);
      expect(fewest).toBeGreaterThanOrEqual(2);
      expect((most ?? 0) - (fewest ?? 0)).toBeLessThanOrEqual(1);
      expect(left).toBe(0);
    });

    it("probes a few peers with a few tasks", async () => {
      const { fewest, most_tasks: tasks, started } = await probing(3, 100, 0.01);
      expect(fewest).toBeGreaterThanOrEqual(18);
      expect(tasks).toBeLessThanOrEqual(3);
      // Tasks stay: a probe need not begin one.
      expect(started).toBeLessThanOrEqual(5);
    });
  },
);
