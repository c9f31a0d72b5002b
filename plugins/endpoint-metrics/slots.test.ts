import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, rig, samplesOf, scrape, total, type Rig, type Worker } from "../../test/harness/metrics-rig.ts";

const LABELLED = { labels: { tenant: "header:X-Tenant" }, label_values: { max_values: 10_000 } };

function from(tenant: string) {
  return { headers: { "x-tenant": tenant } };
}

/** Seconds go by; each second every worker's timers run. */
function pass({ node }: Rig, workers: readonly Worker[], seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    node.now += 1;
    for (const worker of workers) worker.tick();
  }
}

function slotKeys({ node }: Rig): string[] {
  return node.store.keys().filter((key) => key.startsWith("slot:"));
}

describe("a series that several workers register", () => {
  it("is one, whatever another worker does between any two operations", () => {
    for (let moment = 1; moment < 60; moment++) {
      const metrics = rig({}, { workers: 2 });
      const [one, two] = [metrics.workers[0]!, metrics.workers[1]!];
      call(metrics.node, one);
      call(metrics.node, two);
      let operations = 0;
      metrics.node.store.interrupt = () => {
        operations += 1;
        if (operations === moment) {
          metrics.node.store.interrupt = undefined;
          two.tick();
        }
      };
      one.tick();
      metrics.node.store.interrupt = undefined;
      pass(metrics, metrics.workers, 2);
      expect(total(scrape(one), "gateway_requests_total"), `moment ${moment}`).toBe(2);
      // One series, and one gauge.
      expect(slotKeys(metrics), `moment ${moment}`).toHaveLength(2);
    }
  });

  it("is counted a second later where a worker died while it registered, and heals", () => {
    for (let moment = 1; moment < 40; moment++) {
      const metrics = rig({}, { workers: 2 });
      const [one, two] = [metrics.workers[0]!, metrics.workers[1]!];
      call(metrics.node, one);
      let operations = 0;
      metrics.node.store.interrupt = () => {
        operations += 1;
        if (operations === moment) throw new Error("killed");
      };
      try {
        one.tick();
      } catch {
        // It is dead now.
      }
      metrics.node.store.interrupt = undefined;
      call(metrics.node, two);
      pass(metrics, [two], 10);
      call(metrics.node, two);
      pass(metrics, [two], 200);
      const shown = total(scrape(two), "gateway_requests_total");
      expect([2, 3], `moment ${moment}`).toContain(shown);
      expect(slotKeys(metrics).length, `moment ${moment}`).toBeLessThanOrEqual(2);
    }
  });
});

describe("an idle series", () => {
  it("is forgotten with all its keys, and starts again when it returns", () => {
    const metrics = rig({ idle_seconds: 10 }, { workers: 2 });
    const { node, workers } = metrics;
    const worker = workers[0]!;
    workers[0]!.tick();
    const keysBefore = node.store.keys().filter((key) => /^\d|^slot|^id/u.test(key));
    for (let i = 0; i < 3; i++) call(node, worker, { requestBytes: 10, upstreamSeconds: 0.1 });
    pass(metrics, workers, 5);
    expect(total(scrape(worker), "gateway_requests_total")).toBe(3);
    pass(metrics, workers, 40);
    expect(scrape(worker)).not.toContain("gateway_requests_total{");
    expect(node.store.keys().filter((key) => /^\d|^slot|^id/u.test(key))).toEqual(keysBefore);
    call(node, workers[1]!);
    pass(metrics, workers, 1);
    expect(total(scrape(worker), "gateway_requests_total")).toBe(1);
  });

  it("stays while one worker uses it", () => {
    const metrics = rig({ idle_seconds: 10 }, { workers: 2 });
    for (let second = 0; second < 60; second++) {
      if (second % 5 === 0) call(metrics.node, metrics.workers[1]!);
      pass(metrics, metrics.workers, 1);
    }
    expect(total(scrape(metrics.workers[0]!), "gateway_requests_total")).toBe(12);
  });

  it("that is used again just as it is freed loses nothing of the new requests", () => {
    for (let moment = 1; moment < 80; moment++) {
      const metrics = rig({ idle_seconds: 10 }, { workers: 2 });
      const { node, workers } = metrics;
      call(node, workers[0]!);
      pass(metrics, workers, 3);
      node.now += 60;
      let operations = 0;
      call(node, workers[0]!);
      node.store.interrupt = () => {
        operations += 1;
        if (operations === moment) {
          node.store.interrupt = undefined;
          workers[0]!.tick();
        }
      };
      // This one sweeps.
      workers[1]!.tick();
      node.store.interrupt = undefined;
      pass(metrics, workers, 3);
      expect([1, 2], `moment ${moment}`).toContain(total(scrape(workers[0]!), "gateway_requests_total"));
      pass(metrics, workers, 4);
      call(node, workers[0]!);
      pass(metrics, workers, 1);
      expect([2, 3], `moment ${moment}`).toContain(total(scrape(workers[0]!), "gateway_requests_total"));
    }
  });
});

describe("too many combinations of labels", () => {
  it("are counted as other of their route, and none is lost", () => {
    const metrics = rig({ ...LABELLED, max_series: 10 }, { workers: 2 });
    const { node, workers } = metrics;
    for (let i = 0; i < 100; i++) call(node, workers[i % 2]!, { ...from(`t${i}`), status: i % 4 === 0 ? 500 : 200 });
    pass(metrics, workers, 1);
    for (let i = 100; i < 200; i++) call(node, workers[i % 2]!, { ...from(`t${i}`), status: i % 4 === 0 ? 500 : 200 });
    pass(metrics, workers, 2);
    const text = scrape(workers[0]!);
    const shown = samplesOf(text);
    expect(total(text, "gateway_requests_total")).toBe(200);
    expect(total(text, "gateway_request_errors_total")).toBe(50);
    expect(shown.get("gateway_metrics_series")).toBe(10);
    expect(shown.get("gateway_metrics_series_limit")).toBe(10);
    expect(shown.get("gateway_metrics_overflow_total")).toBe(190);
    const other = 'method="other",route="users",status="other",upstream="backend",tenant="other"';
    expect(shown.get(`gateway_requests_total{${other}}`)).toBe(190);
  });

  it("find room again when others have become idle", () => {
    const metrics = rig({ ...LABELLED, max_series: 10, idle_seconds: 10 });
    const { node, workers } = metrics;
    for (let i = 0; i < 30; i++) call(node, workers[0]!, from(`t${i}`));
    pass(metrics, workers, 60);
    call(node, workers[0]!, from("late"));
    pass(metrics, workers, 1);
    expect(total(scrape(workers[0]!), "gateway_requests_total", 'tenant="late"')).toBe(1);
  });

  it("never take more of the dict than its budget: random storms from several workers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 40 }),
        fc.array(fc.array(fc.nat(2000), { minLength: 1, maxLength: 60 }), { minLength: 5, maxLength: 40 }),
        (maxSeries, storms) => {
          const metrics = rig({ ...LABELLED, max_series: maxSeries, idle_seconds: 10 }, { workers: 3 });
          let sent = 0;
          for (const storm of storms) {
            storm.forEach((tenant, i) => call(metrics.node, metrics.workers[i % 3]!, from(`t${tenant}`)));
            sent += storm.length;
            pass(metrics, metrics.workers, 1);
            // One gauge and one `other` beside the ordinary ones; a series has no more than 35 keys (11 buckets).
            expect(slotKeys(metrics).length).toBeLessThanOrEqual(maxSeries + 2);
            expect(metrics.node.store.keys().length).toBeLessThan((maxSeries + 2) * 35 + 200);
          }
          expect(sent).toBeGreaterThan(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("are as many as the dict bears, where that is fewer than configured", () => {
    const metrics = rig({ ...LABELLED, max_series: 100_000 });
    const limit = samplesOf(scrape(metrics.workers[0]!)).get("gateway_metrics_series_limit")!;
    const capacity = metrics.node.store.capacityBytes()!;
    expect(limit).toBeGreaterThan(0);
    expect(limit * 4480).toBeLessThanOrEqual(capacity * 0.75);
  });
});

describe("a reload with other buckets", () => {
  it("shows each series once, with the new ones, while old workers finish", () => {
    const metrics = rig({ buckets: [0.1, 1] }, { workers: 1 });
    const { node, workers } = metrics;
    const old = workers[0]!;
    call(node, old, {}, 0.5);
    pass(metrics, [old], 1);
    node.now += 1;
    const young = metrics.spawn({ buckets: [0.2, 0.4, 0.8] });
    call(node, young, {}, 0.5);
    call(node, old, {}, 0.05);
    pass(metrics, [old, young], 1);
    call(node, old, {}, 2);
    pass(metrics, [old, young], 8);
    const shown = samplesOf(scrape(young));
    const labels = 'method="GET",route="users",status="2xx",upstream="backend"';
    const bounds = [...shown.keys()].filter((key) => key.startsWith("gateway_request_duration_seconds_bucket"));
    expect(bounds.map((key) => /le="([^"]+)"/u.exec(key)?.[1])).toEqual(["0.2", "0.4", "0.8", "+Inf"]);
    // The new worker's one and what the old one counted after it.
    expect(shown.get(`gateway_requests_total{${labels}}`)).toBe(2);
  });
});
