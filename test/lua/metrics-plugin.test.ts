import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Place } from "../../plugins/_kit/handlers.ts";
import { comparable } from "../harness/comparable.ts";
import type { FakeRequest } from "../harness/fake-context.ts";
import { fakeNode } from "../harness/fake-host.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";
import { begin, configOf, end, rig, samplesOf, scrape, type OpenRequest, type Worker } from "../harness/metrics-rig.ts";

type Step =
  | { readonly do: "begin"; readonly worker: number; readonly request: FakeRequest }
  | { readonly do: "tick" | "reload"; readonly worker: number }
  | { readonly do: "end"; readonly pick: number }
  | { readonly do: "wait"; readonly seconds: number };

interface Options {
  readonly now: number;
  readonly workers: number;
  readonly randoms: readonly number[];
  readonly capacity: number;
  readonly place: Place;
}

interface Outcome {
  readonly shown: readonly string[];
  readonly keys: string;
}

const PLACE: Place = { route: "users", upstream: "backend", peers: [] };

/** What `run_metrics` in metrics-driver.lua does, step by step, with the plugin as TypeScript. */
function runHere(written: object, options: Options, steps: readonly Step[]): Outcome {
  const node = fakeNode(options.now);
  node.randoms.push(...options.randoms);
  const metrics = rig(written, { node, workers: options.workers, place: options.place });
  const workers = [...metrics.workers];
  const flying: { worker: Worker; open: OpenRequest }[] = [];
  for (const step of steps) {
    if (step.do === "begin") {
      const worker = workers[step.worker]!;
      flying.push({ worker, open: begin(node, worker, step.request) });
    } else if (step.do === "end" && flying.length > 0) {
      const [{ worker, open }] = flying.splice(step.pick % flying.length, 1) as [(typeof flying)[number]];
      end(worker, open);
    } else if (step.do === "wait") node.now += step.seconds;
    else if (step.do === "tick") workers[step.worker]!.tick();
    else if (step.do === "reload") {
      workers[step.worker]!.exit();
      workers[step.worker] = metrics.spawn();
    }
  }
  const shown = [scrape(workers[0]!), scrape(workers[0]!, true)];
  return { shown, keys: node.store.keys().join("\n") };
}

const worker = fc.nat(1);
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const request: fc.Arbitrary<FakeRequest> = fc.record({
  method: fc.constantFrom("GET", "POST", "BREW"),
  status: fc.constantFrom(200, 204, 404, 500, 503),
  headers: fc.record({
    "x-tenant": fc.constantFrom("a", 'b"', "c\\", "d", "e", "f", "g", "h", "i", "j", "k", "l"),
    traceparent: fc.constantFrom(`00-${TRACE}-00f067aa0ba902b7-01`, "nonsense"),
  }),
  requestBytes: fc.nat(1000),
  responseBytes: fc.nat(100_000),
  upstreamSeconds: fc.constantFrom(0.001, 0.25, 3),
});
const routed = fc.tuple(request, fc.boolean()).map(([one, is]) => (is ? { ...one, routedTo: "spare" } : one));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("begin" as const), worker, request: routed }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("end" as const), pick: fc.nat(50) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0.003, 0.5, 1, 7) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tick" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reload" as const), worker }) },
);
const options: fc.Arbitrary<Options> = fc.record({
  now: fc.constantFrom(1_700_000_000, 1_700_000_000.125),
  workers: fc.constant(2),
  randoms: fc.array(fc.constantFrom(0, 0.2, 0.5, 0.93), { maxLength: 20 }),
  capacity: fc.constant(fakeNode().store.capacityBytes()!),
  place: fc.constant(PLACE),
});
const written = fc.record({
  buckets: fc.constantFrom([0.005, 0.5, 1], [0.1]),
  labels: fc.constantFrom({}, { tenant: "header:X-Tenant" }),
  max_series: fc.constantFrom(10, 5000),
  idle_seconds: fc.constantFrom(10, 900),
  exemplars: fc.boolean(),
});

describe.skipIf(!hasLuaJit)(
  `endpoint-metrics as TypeScript and as Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`,
  () => {
    let lua: LuaJit;
    beforeAll(async () => {
      lua = await startLuaJit(["plugins/_core", "plugins/endpoint-metrics"]);
      for (const file of ["memory-store.lua", "metrics-driver.lua"]) {
        await lua.run(readFileSync(new URL(file, import.meta.url), "utf8"));
      }
    });
    afterAll(() => lua.stop());

    it("shows the same in any scenario, and keeps the same", async () => {
      let shown = 0;
      await fc.assert(
        fc.asyncProperty(
          written,
          options,
          fc.array(step, { minLength: 30, maxLength: 120, size: "max" }),
          async (config, settings, steps) => {
            const here = runHere(config, settings, steps);
            const args = [configOf(config), settings, steps].map(luaLiteral).join(",");
            const there = (await lua.run(`return run_metrics(${args})`))[0] as Outcome;
            const [plain, open] = here.shown.map(samplesOf);
            shown += [...plain!.keys()].filter((name) => name.startsWith("gateway_requests_total")).length;
            // Sums have 14 digits in Lua.
            const asData = (text: string) => comparable(Object.fromEntries(samplesOf(text)), 10);
            expect(there.shown.map(asData)).toEqual(
              [plain, open].map((one) => comparable(Object.fromEntries(one!), 10)),
            );
            const traces = (text: string) => text.split("\n").filter((line) => line.includes("trace_id")).length;
            expect(there.shown.map(traces)).toEqual(here.shown.map(traces));
            expect(there.keys).toBe(here.keys);
          },
        ),
        { numRuns: 300 },
      );
      // Scenarios in which nothing is shown would agree too.
      expect(shown).toBeGreaterThan(300);
    }, 120_000);
  },
);
