import { describe, expect, test } from "vitest";
import type { AdminResource } from "../_kit/handlers.ts";
import { validate } from "../_kit/schema/index.ts";
import { fakeNode, fakeWorker, type FakeNode } from "../../test/harness/fake-host.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";
import type { Series } from "./series.ts";
import { createUpkeep, type Upkeep } from "./upkeep.ts";

const BUCKETS = [0.1, 0.5, 1];

function configOf(written: object): Config {
  const result = validate(manifest.config, { buckets: BUCKETS, ...written });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

interface Worker {
  readonly upkeep: Upkeep;
  readonly resources: readonly AdminResource[];
  readonly tick: () => void;
}

function startWorker(node: FakeNode, config: Config, inFlight = 0): Worker {
  const { host, tick } = fakeWorker(node, { place: { route: "users", upstream: "backend" } });
  const upkeep = host.shared("upkeep", (worker) => createUpkeep(worker, () => inFlight));
  return { upkeep, resources: upkeep.place(config, host), tick };
}

/** `requests` of which `errors` failed, all of them in one bucket. */
function flush({ upkeep }: Worker, requests: number, errors = 0, bucket = 0): void {
  const labels = { route: "users", method: "GET", status: "2xx", upstream: "backend", extra: "" };
  const buckets = [0, 0, 0, 0];
  buckets[bucket] = requests;
  const unused = { seconds: 0, upstreamRequests: 0, upstreamSeconds: 0, upstreamBuckets: [], requestBytes: 0 };
  const series = { ...unused, labels, requests, errors, buckets, responseBytes: 0 } as Series;
  upkeep.totals.series(series);
  upkeep.totals.done(0);
}

/** Lets a second pass `seconds` times; `each` happens in every one. */
function pass(node: FakeNode, workers: readonly Worker[], seconds: number, each: () => void = () => undefined): void {
  for (let i = 0; i < seconds; i++) {
    node.now += 1;
    each();
    for (const { tick } of workers) tick();
  }
}

function shown({ resources }: Worker, collection: string) {
  const found = resources.find((resource) => resource.collection === collection);
  if (found === undefined) throw new Error(`no ${collection}`);
  return found.get();
}

describe("figures of a route", () => {
  test("rates and latencies of the last minute, from all workers", () => {
    const node = fakeNode();
    const workers = [startWorker(node, configOf({})), startWorker(node, configOf({}))] as const;
    pass(node, workers, 120, () => {
      flush(workers[0], 30, 3, 0);
      flush(workers[1], 10, 1, 2);
    });
    for (const worker of workers) {
      const route = shown(worker, "routes");
      expect(route["rps"]).toBeCloseTo(40, 6);
      expect(route["error_rate"]).toBeCloseTo(10, 6);
      expect(route["latency_p50"]).toBeCloseTo(0.0667, 3);
      expect(route["latency_p90"]).toBeCloseTo(0.8, 6);
    }
  });

  test("before there are two samples nothing is claimed", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    expect(shown(worker, "routes")).toMatchObject({ in_flight: 0 });
    expect(shown(worker, "routes")["rps"]).toBeUndefined();
  });

  test("without traffic the rate is 0 and there is no latency", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    pass(node, [worker], 70);
    expect(shown(worker, "routes")).toMatchObject({ rps: 0, error_rate: 0 });
    expect(shown(worker, "routes")["latency_p99"]).toBeUndefined();
  });

  test("the history is bounded, and a worker that starts later has it too", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    pass(node, [worker], 1000, () => {
      flush(worker, 10);
    });
    const late = startWorker(node, configOf({}));
    const history = shown(late, "routes")["history"] as { rps: number[] };
    expect(history.rps).toHaveLength(60);
    expect(history.rps.every((rps) => Math.abs(rps - 10) < 0.001)).toBe(true);
    expect(node.store.keys().filter((key) => key.startsWith("h:")).length).toBeLessThanOrEqual(2 * 61 + 2);
  });

  test("figures of a time when nobody took samples are not shown as today's", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    pass(node, [worker], 60, () => {
      flush(worker, 10);
    });
    node.now += 30;
    expect(shown(worker, "routes")["rps"]).toBeUndefined();
  });

  test("other buckets begin anew", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    pass(node, [worker], 60, () => {
      flush(worker, 10);
    });
    const other = startWorker(node, configOf({ buckets: [1, 2, 3] }));
    expect(shown(other, "routes")["rps"]).toBeUndefined();
  });
});

describe("autoscale", () => {
  const scaling = { metric: "rps", target: 10, min: 1, max: 20, scale_down_stabilization_seconds: 60 };

  test("asks for the replicas that the load needs, tells why, and down only after the window", () => {
    const node = fakeNode();
    node.peerCount = 2;
    const worker = startWorker(node, configOf({ autoscale: scaling }));
    pass(node, [worker], 120, () => {
      flush(worker, 50);
    });
    const busy = shown(worker, "autoscale");
    expect(busy).toMatchObject({ desired_replicas: 5, replicas: 2, metric: "rps", target: 10, max_replicas: 20 });
    expect(busy["value"]).toBeCloseTo(50, 6);
    expect(node.events.at(-1)).toMatchObject({ subject: "upstream:backend", to: "5 replicas" });

    node.peerCount = 5;
    pass(node, [worker], 60);
    expect(shown(worker, "autoscale")["desired_replicas"]).toBeGreaterThan(1);
    pass(node, [worker], 130);
    expect(shown(worker, "autoscale")["desired_replicas"]).toBe(1);
    expect(shown(worker, "autoscale")["reason"]).toContain("min is reached");
  });

  test("the mean of the requests in flight", () => {
    const node = fakeNode();
    node.peerCount = 1;
    const worker = startWorker(node, configOf({ autoscale: { ...scaling, metric: "in_flight" } }), 42);
    pass(node, [worker], 60);
    expect(shown(worker, "autoscale")).toMatchObject({ value: 42, desired_replicas: 5, in_flight: 42 });
  });

  test("one evaluation a step, whichever worker; another worker goes on where one stopped", () => {
    const node = fakeNode();
    node.peerCount = 1;
    const config = configOf({ autoscale: scaling });
    const workers = [startWorker(node, config), startWorker(node, config), startWorker(node, config)] as const;
    pass(node, workers, 60, () => {
      flush(workers[0], 35);
    });
    expect(shown(workers[1], "autoscale")["desired_replicas"]).toBe(4);
    const changes = node.events.length;
    const next = startWorker(node, config);
    pass(node, [next], 20);
    expect(shown(next, "autoscale")["desired_replicas"]).toBe(4);
    expect(node.events).toHaveLength(changes);
  });

  test("without autoscale there are figures but no advice, and all of them are numbers", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    const fields = shown(worker, "autoscale");
    expect(fields).toMatchObject({ upstream: "backend", rps: 0, error_rate: 0, latency_p99: 0, in_flight: 0 });
    expect(fields["desired_replicas"]).toBeUndefined();
  });

  test("is on the metrics page", () => {
    const node = fakeNode();
    node.peerCount = 3;
    const worker = startWorker(node, configOf({ autoscale: scaling }));
    pass(node, [worker], 130);
    let text = "";
    worker.upkeep.write({
      openMetrics: false,
      write: (lines) => (text += lines),
      pieces: () => undefined,
      pause: () => undefined,
    });
    expect(text).toContain('gateway_autoscale_desired_replicas{upstream="backend"} 1\n');
    expect(text).toContain('gateway_autoscale_replicas{upstream="backend"} 3\n');
  });
});
