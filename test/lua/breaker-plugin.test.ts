import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Place } from "../../plugins/_kit/handlers.ts";
import { begin, configOf, end, rig, type OpenRequest } from "../harness/breaker-rig.ts";
import { comparable } from "../harness/comparable.ts";
import { fakePool, type FakeRequest } from "../harness/fake-context.ts";
import { fakeNode } from "../harness/fake-host.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";

type Step =
  | { readonly do: "begin" | "tick" | "spawn"; readonly worker: number }
  | { readonly do: "end"; readonly pick: number; readonly outcome: FakeRequest }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "pressure"; readonly value: number }
  | { readonly do: "put"; readonly worker: number; readonly body: Readonly<Record<string, unknown>> };

interface Options {
  readonly now: number;
  readonly workers: number;
  readonly shadow: boolean;
  readonly randoms: readonly number[];
  readonly place: Place;
}

const PEERS = ["10.0.0.1:80", "10.0.0.2:80"];
const PLACE: Place = { route: "users", upstream: "backend", peers: PEERS };

/** What `run_breaker` in breaker-driver.lua does, step by step, with the plugin as TypeScript. */
function runHere(written: object, options: Options, steps: readonly Step[]): unknown {
  const node = fakeNode(options.now);
  node.randoms.push(...options.randoms);
  const breaker = rig(written, { node, workers: options.workers, shadow: options.shadow, place: options.place });
  const workers = [...breaker.workers];
  const trace: unknown[] = [];
  let flying: { worker: number; open: OpenRequest }[] = [];
  for (const step of steps) {
    if (step.do === "begin") {
      const open = begin(node, workers[step.worker]!);
      const pool = fakePool(PEERS);
      if (open.decision === undefined) workers[step.worker]!.handlers.select_upstream?.(open.context, pool);
      trace.push({ decision: open.decision ?? "go on", excluded: [...pool.excluded] });
      flying.push({ worker: step.worker, open });
    } else if (step.do === "end" && flying.length > 0) {
      const [{ worker, open } = flying[0]!] = flying.splice(step.pick % flying.length, 1);
      const rejected = open.decision?.kind === "reject";
      end(workers[worker]!, open, rejected ? { ...step.outcome, proxied: false } : step.outcome);
    } else if (step.do === "wait") {
      node.now += step.seconds;
    } else if (step.do === "tick") {
      workers[step.worker]!.tick();
    } else if (step.do === "spawn") {
      flying = flying.filter(({ worker }) => worker !== step.worker);
      workers[step.worker] = breaker.spawn();
    } else if (step.do === "pressure") {
      node.pressure = step.value;
    } else if (step.do === "put") {
      trace.push(workers[step.worker]!.handlers.admin![0]!.put!(step.body) ?? "done");
    }
  }
  const metrics: unknown[] = [];
  for (const { handlers } of workers) handlers.metrics?.((...metric) => metrics.push(metric));
  const shown = workers.map(({ handlers }) => handlers.admin![0]!.get());
  const kept = node.store.keys().map((key) => {
    const ttl = node.store.ttl(key);
    return [key, [node.store.get(key), ttl === Infinity ? "forever" : ttl]];
  });
  return { trace, events: node.events, metrics, shown, kept: Object.fromEntries(kept) };
}

const worker = fc.nat(1);
const outcome: fc.Arbitrary<FakeRequest> = fc.record({
  status: fc.constantFrom(200, 200, 404, 499, 500, 502, 503, 504),
  proxied: fc.constantFrom(true, true, true, false),
  upstreamFailed: fc.boolean(),
  upstreamSeconds: fc.constantFrom(0.1, 1.5, 9),
  tries: fc.array(
    fc.record({
      peer: fc.constantFrom(...PEERS),
      status: fc.constantFrom(0, 200, 500),
      seconds: fc.constantFrom(0.1, 3),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("begin" as const), worker }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant("end" as const), pick: fc.nat(50), outcome }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0.01, 0.37, 1, 2.5, 6, 31) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(-0.2, -3, -50) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("tick" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("spawn" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pressure" as const), value: fc.constantFrom(0, 0.5, 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      worker,
      body: fc.record({
        state: fc.constantFrom("open", "closed", "auto", "ajar"),
        ttl_seconds: fc.constantFrom(1, 20, 0),
        reason: fc.constantFrom("a|b", "by hand"),
      }),
    }),
  },
);
const options: fc.Arbitrary<Options> = fc.record({
  now: fc.constantFrom(1_700_000_000, 1_700_000_000.123),
  workers: fc.constant(2),
  shadow: fc.boolean(),
  randoms: fc.array(fc.constantFrom(0, 0.2, 0.5, 0.93), { maxLength: 20 }),
  place: fc.constant(PLACE),
});
const written = fc.record({
  scope: fc.constantFrom("route", "upstream", "peer"),
  window: fc.record({
    type: fc.constantFrom("time", "count"),
    seconds: fc.constantFrom(2, 10, 15),
    calls: fc.constantFrom(5, 40),
  }),
  minimum_calls: fc.constantFrom(1, 3, 5),
  failure_rate: fc.constantFrom(10, 50, 100),
  failure_statuses: fc.constantFrom(["500-599"], ["500"]),
  slow_call: fc.record({ seconds: fc.constantFrom(1, 5), rate: fc.constantFrom(30, 100) }),
  open: fc.record({ seconds: fc.constantFrom(1, 5), multiplier: fc.constantFrom(1, 1.7) }),
  half_open: fc.record({ calls: fc.constantFrom(1, 3), timeout_seconds: fc.constantFrom(2, 10) }),
  recovery_seconds: fc.constantFrom(0, 4),
  adapt: fc.record({ criticality: fc.constantFrom("low", "high"), pressure: fc.boolean() }),
  fallback: fc.constantFrom(
    {},
    { redirect: "/sorry" },
    { upstream: "spare" },
    { status: 429, headers: { "X-Why": "b" } },
  ),
});

describe.skipIf(!hasLuaJit)(
  `the circuit breaker as TypeScript and as Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`,
  () => {
    let lua: LuaJit;
    beforeAll(async () => {
      lua = await startLuaJit(["plugins/_core", "plugins/circuit-breaker"]);
      for (const file of ["memory-store.lua", "breaker-driver.lua"]) {
        await lua.run(readFileSync(new URL(file, import.meta.url), "utf8"));
      }
    });
    afterAll(() => lua.stop());

    it("does the same in any scenario: decisions, events, metrics, what it keeps and for how long", async () => {
      let transitions = 0;
      await fc.assert(
        fc.asyncProperty(
          written,
          options,
          fc.array(step, { minLength: 40, maxLength: 120, size: "max" }),
          async (written, options, steps) => {
            const args = [configOf(written), options, steps].map(luaLiteral).join(",");
            const [there] = await lua.run(`return run_breaker(${args})`);
            const here = runHere(written, options, steps) as { events: unknown[] };
            transitions += here.events.length;
            expect(comparable(there)).toEqual(comparable(here));
          },
        ),
        { numRuns: 1000 },
      );
      // Scenarios in which nothing happens would agree too.
      expect(transitions).toBeGreaterThan(1000);
    });
  },
);
