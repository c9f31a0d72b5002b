import { describe, expect, test } from "vitest";
import type { AdminResource } from "../_kit/handlers.ts";
import { validate } from "../_kit/schema/index.ts";
import { fakeNode, fakeWorker, type FakeNode } from "../../test/harness/fake-host.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";
import type { Series } from "./series.ts";
import { createUpkeep, type Upkeep, type Watched } from "./upkeep.ts";

const BUCKETS = [0.1, 0.5, 1];

function configOf(written: object): Config {
  const result = validate(manifest.config, { buckets: BUCKETS, ...written });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

interface Worker {
  readonly upkeep: Upkeep;
  readonly resources: readonly AdminResource[];
  readonly end: () => void;
  readonly tick: () => void;
  /** Puts one more route to the upstream, or a new configuration of it. */
  place(config: Config, route: string, upstream?: string): Watched;
}

function startWorker(node: FakeNode, config: Config, inFlight = 0): Worker {
  const { host, tick } = fakeWorker(node, { place: { route: "users", upstream: "backend" } });
  const upkeep = host.shared("upkeep", (worker) => createUpkeep(worker, () => inFlight));
  const { resources, end } = upkeep.place(config, host);
  return {
    upkeep,
    resources,
    end,
    tick,
    place: (other, route, upstream = "backend") =>
      upkeep.place(other, { ...host, place: { route, upstream, peers: [] } }),
  };
}

interface Flushed {
  readonly errors?: number;
  readonly bucket?: number;
  readonly bounds?: readonly number[];
  readonly route?: string;
}

/** `requests` of which `errors` failed, all of them in one bucket. */
function flush({ upkeep }: Worker, requests: number, flushed: Flushed = {}): void {
  const { errors = 0, bucket = 0, bounds = BUCKETS, route = "users" } = flushed;
  const labels = { route, method: "GET", status: "2xx", upstream: "backend", extra: "" };
  const buckets = [...bounds, Infinity].map((_bound, index) => (index === bucket ? requests : 0));
  const unused = { seconds: 0, upstreamRequests: 0, upstreamSeconds: 0, upstreamBuckets: [], requestBytes: 0 };
  const series: Series = { ...unused, labels, requests, errors, bounds, buckets, responseBytes: 0 };
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

/** The families of autoscaling. */
function page({ upkeep }: Worker): string {
  let text = "";
  upkeep.write({
    openMetrics: false,
    write: (lines) => (text += lines),
    pieces: (parts) => (text += parts.join("")),
    pause: () => undefined,
  });
  return text;
}

function shown({ resources }: Pick<Worker, "resources">, collection: string) {
  const found = resources.find((resource) => resource.collection === collection);
  if (found === undefined) throw new Error(`no ${collection}`);
  return found.get();
}

describe("figures of a route", () => {
  test("rates and latencies of the last minute, from all workers", () => {
    const node = fakeNode();
    const workers = [startWorker(node, configOf({})), startWorker(node, configOf({}))] as const;
    pass(node, workers, 120, () => {
      flush(workers[0], 30, { errors: 3 });
      flush(workers[1], 10, { errors: 1, bucket: 2 });
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
    expect(page(worker)).toContain('gateway_autoscale_desired_replicas{upstream="backend"} 1\n');
    expect(page(worker)).toContain('gateway_autoscale_replicas{upstream="backend"} 3\n');
  });

  test("upstreams with odd names are escaped on the metrics page", () => {
    const node = fakeNode();
    node.peerCount = 1;
    const worker = startWorker(node, configOf({ autoscale: scaling }));
    worker.place(configOf({ autoscale: scaling }), "odd", 'a"b\\c');
    pass(node, [worker], 10);
    expect(page(worker)).toContain('gateway_autoscale_replicas{upstream="a\\"b\\\\c"} 1\n');
  });

  describe("latency_p99", () => {
    const latency = { ...scaling, metric: "latency_p99", target: 0.1 };
    const slow = (node: FakeNode, worker: Worker): void => {
      pass(node, [worker], 120, () => {
        flush(worker, 10, { bucket: 2 });
      });
    };

    test("without a count of the replicas changes nothing, advises nothing, and says why", () => {
      const node = fakeNode();
      const worker = startWorker(node, configOf({ autoscale: latency }));
      slow(node, worker);
      for (const collection of ["autoscale", "upstreams"]) {
        expect(shown(worker, collection)["desired_replicas"]).toBeUndefined();
        expect(shown(worker, collection)["reason"]).toContain("autoscale.replicas");
      }
      expect(shown(worker, "autoscale")["latency_p99"]).toBeCloseTo(0.995, 6);
      expect(page(worker)).toBe("");
      expect(node.events).toEqual([]);
    });

    test("with one it is what each replica shows", () => {
      const node = fakeNode();
      const worker = startWorker(node, configOf({ autoscale: { ...latency, replicas: 2 } }));
      slow(node, worker);
      expect(shown(worker, "autoscale")).toMatchObject({ desired_replicas: 20, replicas: 2 });
    });
  });

  test("goes on with what another route asks, and ends when none asks any more", () => {
    const node = fakeNode();
    node.peerCount = 2;
    const worker = startWorker(node, configOf({ autoscale: scaling }));
    const second = worker.place(configOf({ autoscale: { ...scaling, min: 3 } }), "second");
    // A route that asks for nothing takes nothing away from those that do.
    const third = worker.place(configOf({}), "third");
    pass(node, [worker], 10);
    expect(shown(third, "autoscale")).toMatchObject({ desired_replicas: 3, min_replicas: 3 });
    second.end();
    pass(node, [worker], 10);
    expect(shown(third, "autoscale")).toMatchObject({ min_replicas: 1 });
    worker.end();
    expect(shown(third, "autoscale")["desired_replicas"]).toBeUndefined();
    expect(page(worker)).toBe("");
  });
});

describe("routes of one upstream with other buckets", () => {
  const FINE = [0.05, 0.1, 0.2, 0.5, 1, 2];

  test("workers that met them in another order count all requests, and latencies keep the finest buckets", () => {
    const node = fakeNode();
    const one = startWorker(node, configOf({}));
    one.place(configOf({ buckets: FINE }), "fine");
    const other = startWorker(node, configOf({ buckets: FINE }));
    other.place(configOf({}), "plain");
    pass(node, [one, other], 70, () => {
      flush(one, 5, { bucket: 1 });
      flush(other, 5, { bucket: 2, bounds: FINE });
    });
    for (const worker of [one, other]) {
      const upstream = shown(worker, "upstreams");
      expect(upstream["rps"]).toBeCloseTo(10, 6);
      // Half of them up to 0.2, the others, in the coarse bucket up to 0.5, up to 0.5.
      expect(upstream["latency_p50"]).toBeCloseTo(0.2, 6);
      expect(upstream["latency_p90"]).toBeCloseTo(0.44, 6);
    }
  });

  test("what is above the last bound of the coarse ones is not taken for the longest of all", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    worker.place(configOf({ buckets: [...BUCKETS, 2, 60] }), "long");
    pass(node, [worker], 70, () => {
      flush(worker, 10, { bucket: 3 });
    });
    expect(shown(worker, "upstreams")["latency_p99"]).toBeCloseTo(1.99, 6);
  });

  test("requests are counted whole where a worker knows only one of them", () => {
    const node = fakeNode();
    const workers = [startWorker(node, configOf({})), startWorker(node, configOf({ buckets: FINE }))] as const;
    pass(node, workers, 70, () => {
      flush(workers[0], 5);
      flush(workers[1], 15, { bounds: FINE });
    });
    for (const worker of workers) expect(shown(worker, "upstreams")["rps"]).toBeCloseTo(20, 6);
  });
});

describe("instances that end", () => {
  test("a route that is gone is counted no more; the upstream goes on with the others", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    const other = worker.place(configOf({}), "other");
    worker.end();
    pass(node, [worker], 70, () => {
      flush(worker, 10);
      flush(worker, 5, { route: "other" });
    });
    expect(worker.upkeep.totals.subjects().map(({ id }) => id)).toEqual(["upstream:backend", "route:other"]);
    expect(shown(other, "routes")["rps"]).toBeCloseTo(5, 6);
    expect(node.store.keys().filter((key) => key.includes("route:users"))).toEqual([]);
    other.end();
    worker.upkeep.totals.done(0);
    expect(worker.upkeep.totals.subjects()).toEqual([]);
    const samples = node.store.keys().filter((key) => key.startsWith("h:"));
    pass(node, [worker], 400);
    expect(samples.length).toBeGreaterThan(0);
    expect(node.store.keys().filter((key) => key.startsWith("h:"))).toEqual([]);
  });

  test("one that another configuration replaces takes nothing along", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    const load = (): void => {
      pass(node, [worker], 70, () => {
        flush(worker, 10);
      });
    };
    load();
    const next = worker.place(configOf({}), "users");
    worker.end();
    load();
    expect(shown(next, "routes")["rps"]).toBeCloseTo(10, 6);
    const coarse = worker.place(configOf({ buckets: [1] }), "users");
    next.end();
    load();
    expect(shown(coarse, "routes")["rps"]).toBeCloseTo(10, 6);
    expect(worker.upkeep.totals.subjects().map(({ bounds }) => bounds)).toEqual([[1], [1]]);
  });

  test("counters are kept while anyone watches, and forgotten two days later", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    flush(worker, 10, { errors: 1 });
    const counters = (): string[] => node.store.keys().filter((key) => key.startsWith("t:"));
    const before = counters();
    expect(before).toHaveLength(6);
    for (let hour = 0; hour < 72; hour++) {
      node.now = (Math.floor(node.now / 3600) + 1) * 3600;
      worker.tick();
    }
    expect(counters()).toEqual(before);
    worker.end();
    worker.upkeep.totals.done(0);
    node.now += 172_801;
    expect(counters()).toEqual([]);
  });
});

describe("samples", () => {
  test("are taken of routes that only one worker knows, each once a step", () => {
    const node = fakeNode();
    const workers = [startWorker(node, configOf({})), startWorker(node, configOf({}))] as const;
    const other = workers[1].place(configOf({}), "other");
    pass(node, workers, 4);
    let taken = 0;
    const { set } = node.store;
    node.store.set = (key, value, ttlSeconds) => {
      if (key.startsWith("h:")) taken += 1;
      return set(key, value, ttlSeconds);
    };
    pass(node, workers, 100, () => {
      flush(workers[1], 7, { route: "other" });
    });
    expect(shown(other, "routes")["rps"]).toBeCloseTo(7, 6);
    // Two routes and an upstream.
    expect(taken).toBe(3 * 20);
  });

  test("leave no more keys behind the longer the gateway runs", () => {
    const node = fakeNode();
    const worker = startWorker(node, configOf({}));
    const written = new Set<string>();
    const { add, incr } = node.store;
    node.store.add = (key, value, ttlSeconds) => {
      written.add(key);
      return add(key, value, ttlSeconds);
    };
    node.store.incr = (key, delta, initial, ttlSeconds) => {
      written.add(key);
      return incr(key, delta, initial, ttlSeconds);
    };
    pass(node, [worker], 100);
    const { size } = written;
    pass(node, [worker], 400);
    expect(size).toBeGreaterThan(0);
    expect(written.size).toBe(size);
  });
});
