import fc from "fast-check";
import { expect, it } from "vitest";
import { begin, end, rig, samplesOf, scrape, total, type OpenRequest } from "../../test/harness/metrics-rig.ts";
import type { Worker } from "../../test/harness/metrics-rig.ts";

type Step =
  | { readonly do: "call" | "begin" | "tick" | "reload" | "kill"; readonly worker: number; readonly tenant: number }
  | { readonly do: "end"; readonly pick: number }
  | { readonly do: "race"; readonly worker: number; readonly other: number; readonly moment: number }
  | { readonly do: "wait"; readonly seconds: number };

const WORKERS = 3;
const worker = fc.nat(WORKERS - 1);
const tenant = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom("call" as const), worker, tenant }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("begin" as const), worker, tenant }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("end" as const), pick: fc.nat(50) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("tick" as const), worker, tenant }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("race" as const), worker, other: worker, moment: fc.nat(40) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0.3, 1, 1.7) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("reload" as const, "kill" as const), worker, tenant }) },
);

interface Living {
  readonly handlers: Worker;
  /** Since it last flushed with nobody in between: what is lost at most when it is killed. */
  unflushed: number;
}

it("requests sent are requests shown, but for the last second of killed workers: any interleaving", () => {
  let raced = 0;
  fc.assert(
    fc.property(fc.constantFrom(10, 20, 5000), fc.array(step, { minLength: 20, maxLength: 120 }), (max, steps) => {
      const metrics = rig({ labels: { tenant: "header:X-Tenant" }, max_series: max }, { workers: WORKERS });
      const { node } = metrics;
      const living: Living[] = metrics.workers.map((handlers) => ({ handlers, unflushed: 0 }));
      let open: { at: Living; request: OpenRequest }[] = [];
      let sent = 0;
      let lost = 0;
      const finish = (at: Living, request: OpenRequest): void => {
        end(at.handlers, request);
        at.unflushed += 1;
        sent += 1;
      };
      const tick = (at: Living): void => {
        at.handlers.tick();
        at.unflushed = 0;
      };
      const start = (at: Living, tenantNumber: number): OpenRequest =>
        begin(node, at.handlers, { headers: { "x-tenant": `t${tenantNumber}` } });
      for (const one of steps) {
        if (one.do === "call") finish(living[one.worker]!, start(living[one.worker]!, one.tenant));
        else if (one.do === "begin") {
          open.push({ at: living[one.worker]!, request: start(living[one.worker]!, one.tenant) });
        } else if (one.do === "end" && open.length > 0) {
          const [{ at, request }] = open.splice(one.pick % open.length, 1) as [(typeof open)[number]];
          finish(at, request);
          // A worker that was told to finish flushes after each request.
          if (!living.includes(at)) at.handlers.exit();
        } else if (one.do === "tick") tick(living[one.worker]!);
        else if (one.do === "race" && one.worker !== one.other) {
          let operations = 0;
          node.store.interrupt = () => {
            operations += 1;
            if (operations !== one.moment + 1) return;
            node.store.interrupt = undefined;
            raced += 1;
            living[one.other]!.handlers.tick();
          };
          living[one.worker]!.handlers.tick();
          node.store.interrupt = undefined;
        } else if (one.do === "wait") node.now += one.seconds;
        else if (one.do === "reload") {
          living[one.worker]!.handlers.exit();
          living[one.worker] = { handlers: metrics.spawn(), unflushed: 0 };
        } else if (one.do === "kill") {
          const dead = living[one.worker]!;
          lost += dead.unflushed;
          open = open.filter(({ at }) => at !== dead);
          living[one.worker] = { handlers: metrics.spawn(), unflushed: 0 };
        }
      }
      for (const { at, request } of open) {
        finish(at, request);
        if (!living.includes(at)) at.handlers.exit();
      }
      for (let second = 0; second < 6; second++) {
        node.now += 1;
        for (const { handlers } of living) handlers.tick();
      }
      const text = scrape(living[0]!.handlers);
      const shown = total(text, "gateway_requests_total");
      expect(shown).toBeLessThanOrEqual(sent);
      expect(shown).toBeGreaterThanOrEqual(sent - lost);
      const counts = samplesOf(text);
      expect(total(text, "gateway_request_duration_seconds_count")).toBe(shown);
      expect(counts.get("gateway_metrics_series")!).toBeLessThanOrEqual(max);
      expect(total(text, "gateway_requests_in_flight")).toBe(0);
    }),
    { numRuns: 300 },
  );
  expect(raced).toBeGreaterThan(100);
});
