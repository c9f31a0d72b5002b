import { describe, expect, test } from "vitest";
import { fakeNode, fakeWorker, type FakeNode, type FakeWorker } from "../../test/harness/fake-host.ts";
import { validate } from "../_kit/schema/index.ts";
import type { Config } from "./config.ts";
import manifest from "./manifest.ts";
import { pushOf, type Push, type PushSource } from "./push.ts";
import type { FlushObserver, Series } from "./series.ts";

function configOf(statsd: object): Config {
  const result = validate(manifest.config, {
    buckets: [0.1, 1],
    push: { statsd: { address: "10.0.0.9:8125", ...statsd } },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function seriesOf(changes: Partial<Series> = {}): Series {
  return {
    labels: { route: "users", method: "GET", status: "2xx", upstream: "backend", extra: ',tenant="acme"' },
    requests: 3,
    errors: 0,
    seconds: 0.15,
    bounds: [0.1, 1],
    buckets: [3, 0, 0],
    upstreamRequests: 0,
    upstreamSeconds: 0,
    upstreamBuckets: [0, 0, 0],
    requestBytes: 300,
    responseBytes: 900,
    ...changes,
  };
}

interface Rig {
  readonly worker: FakeWorker;
  readonly push: Push;
  readonly source: PushSource;
  readonly families: () => string;
  /** One flush of the plugin's. */
  flush(...series: Series[]): void;
}

function startWorker(node: FakeNode, config: Config, inFlight = { count: 0 }): Rig {
  const worker = fakeWorker(node);
  const observers: FlushObserver[] = [];
  const writers: ((sink: never) => void)[] = [];
  const source: PushSource = {
    observe: (observer) => observers.push(observer),
    addFamily: (write) => writers.push(write),
    inFlight: () => inFlight.count,
  };
  const push = pushOf(config, worker.host, source);
  if (push === undefined) throw new Error("no push");
  return {
    worker,
    push,
    source,
    families: () => {
      let text = "";
      for (const write of writers) write({ openMetrics: false, write: (lines: string) => (text += lines) } as never);
      return text;
    },
    flush: (...all) => {
      for (const observer of observers) {
        for (const each of all) observer.series(each);
        observer.done(node.now);
      }
    },
  };
}

/** Lets an interval go by in steps of a timer. */
function passInterval(node: FakeNode, rigs: readonly Rig[], seconds = 10): string[] {
  const before = node.datagrams.length;
  for (let step = 0; step < 8; step++) {
    node.now += seconds / 8;
    for (const { worker } of rigs) worker.tick();
  }
  return node.datagrams.slice(before).flatMap(({ payload }) => payload.split("\n"));
}

const TAGS = "|#route:users,method:GET,status:2xx,upstream:backend,tenant:acme";

describe("what is sent", () => {
  test("nothing without a configuration", () => {
    const result = validate(manifest.config, {});
    if (!result.ok) throw new Error("invalid");
    expect(pushOf(result.value, fakeWorker(fakeNode()).host, {} as never)).toBeUndefined();
  });

  test("the sums of an interval, once", () => {
    const node = fakeNode();
    const rig = startWorker(node, configOf({}));
    rig.flush(seriesOf());
    rig.flush(seriesOf({ errors: 1, buckets: [2, 1, 0], seconds: 0.55 }));
    const errors = `gateway.request_errors:1|c${TAGS}`;
    expect(passInterval(node, [rig])).toEqual([
      `gateway.requests:6|c${TAGS}`,
      errors,
      `gateway.request_bytes:600|c${TAGS}`,
      `gateway.response_bytes:1800|c${TAGS}`,
      expect.stringMatching(/^gateway.request_duration_seconds:0\.0\d+\|d\|@0\.2000*\|#/),
      expect.stringMatching(/^gateway.request_duration_seconds:0\.\d+\|d\|#/),
    ]);
    expect(passInterval(node, [rig])).toEqual([]);
    expect(node.datagrams.every(({ address }) => address === "10.0.0.9:8125")).toBe(true);
  });

  test("tokens by model", () => {
    const node = fakeNode();
    const rig = startWorker(node, configOf({ flavor: "statsd" }));
    const counted: unknown[] = [];
    const sink = rig.push.tokens({ tokens: (...all) => counted.push(all), unread: () => counted.push("unread") });
    sink.tokens("backend", ',model="gpt-4o"', 3, 4);
    sink.tokens("backend", ',model="gpt-4o"', 3, 0);
    sink.unread("backend");
    expect(counted).toEqual([["backend", ',model="gpt-4o"', 3, 4], ["backend", ',model="gpt-4o"', 3, 0], "unread"]);
    expect(passInterval(node, [rig])).toEqual([
      "gateway.users.backend.gpt-4o.prompt.ai_tokens:6|c",
      "gateway.users.backend.gpt-4o.completion.ai_tokens:4|c",
    ]);
  });

  test("requests under way by one of the workers, and a last time when there are none", () => {
    const node = fakeNode();
    const inFlight = { count: 5 };
    const rigs = [0, 1, 2].map(() => startWorker(node, configOf({}), inFlight));
    passInterval(node, rigs);
    const five = passInterval(node, rigs);
    inFlight.count = 0;
    const last = [...passInterval(node, rigs), ...passInterval(node, rigs)];
    expect(new Set(five)).toEqual(new Set(["gateway.requests_in_flight:5|g|#route:users"]));
    expect(five.length).toBeLessThanOrEqual(2);
    expect(last.filter((line) => line.includes(":0|g"))).toHaveLength(1);
  });

  test("workers send at different times", () => {
    const node = fakeNode();
    const rigs = [0, 1, 2, 3].map(() => startWorker(node, configOf({})));
    const times = new Set<number>();
    for (let step = 0; step < 16; step++) {
      node.now += 10 / 8;
      for (const rig of rigs) {
        const before = node.datagrams.length;
        rig.flush(seriesOf());
        rig.worker.tick();
        if (node.datagrams.length > before) times.add(step % 8);
      }
    }
    expect(times.size).toBeGreaterThanOrEqual(3);
  });
});

describe("an instance that ends", () => {
  test("sends what it had counted, then a last 0 of its requests under way, and no more", () => {
    const node = fakeNode();
    const inFlight = { count: 2 };
    const rig = startWorker(node, configOf({}), inFlight);
    passInterval(node, [rig]);
    rig.push.end();
    rig.flush(seriesOf());
    const last = passInterval(node, [rig]);
    expect(last).toContain(`gateway.requests:3|c${TAGS}`);
    expect(last).toContain("gateway.requests_in_flight:2|g|#route:users");
    inFlight.count = 0;
    rig.flush(seriesOf());
    expect(passInterval(node, [rig])).toEqual(["gateway.requests_in_flight:0|g|#route:users"]);
    passInterval(node, [rig]);
    inFlight.count = 1;
    expect(passInterval(node, [rig])).toEqual([]);
  });

  test("goes on in the one that replaces it", () => {
    const node = fakeNode();
    const inFlight = { count: 0 };
    const rig = startWorker(node, configOf({}), inFlight);
    pushOf(configOf({}), rig.worker.host, rig.source);
    rig.push.end();
    rig.flush();
    rig.flush(seriesOf());
    expect(passInterval(node, [rig])).toContain(`gateway.requests:3|c${TAGS}`);
    inFlight.count = 1;
    expect(passInterval(node, [rig])).toEqual(["gateway.requests_in_flight:1|g|#route:users"]);
  });
});

test("a route that sends nothing is not sent with the others; what found no room is", () => {
  const node = fakeNode();
  const rig = startWorker(node, configOf({}));
  const labels = { route: "silent", method: "GET", status: "2xx", upstream: "backend", extra: "" };
  rig.flush(seriesOf({ labels }));
  expect(passInterval(node, [rig])).toEqual([]);
  const other = { route: "other", method: "other", status: "other", upstream: "other", extra: "" };
  rig.flush(seriesOf({ labels: other }));
  expect(passInterval(node, [rig])).toHaveLength(4);
  const next = { ...rig.worker.host, place: { route: "second", upstream: "backend", peers: [] } };
  pushOf(configOf({ address: "10.0.0.10:8125" }), next, rig.source)?.end();
  rig.flush();
  rig.flush(seriesOf({ labels: other }));
  expect(passInterval(node, [rig])).toHaveLength(4);
  expect(node.datagrams.map(({ address }) => address)).toEqual(Array(2).fill("10.0.0.9:8125"));
});

describe("when it cannot be sent", () => {
  test("a receiver that is away costs one try an interval, and is counted", () => {
    const node = fakeNode();
    let tries = 0;
    const worker = fakeWorker(node);
    const config = configOf({ mtu_bytes: 200 });
    const observers: FlushObserver[] = [];
    const writers: ((sink: never) => void)[] = [];
    pushOf(
      config,
      {
        ...worker.host,
        shared: (name, make) =>
          worker.host.shared(name, (host) => make({ ...host, datagrams: () => ({ send: () => ++tries < 1 }) })),
      },
      { observe: (one) => observers.push(one), addFamily: (write) => writers.push(write), inFlight: () => 0 },
    );
    for (const observer of observers) observer.series(seriesOf());
    for (let step = 0; step < 8; step++) {
      node.now += 10 / 8;
      worker.tick();
    }
    expect(tries).toBe(1);
    let text = "";
    for (const write of writers) write({ openMetrics: false, write: (lines: string) => (text += lines) } as never);
    expect(text).toMatch(/^gateway_metrics_push_failed_total [2-9]$/m);
  });

  test("what a worker that finishes has counted is sent by another one, once", () => {
    const node = fakeNode();
    const rigs = [0, 1, 2].map(() => startWorker(node, configOf({})));
    const [leaving, ...others] = rigs;
    leaving?.flush(seriesOf());
    leaving?.worker.exit();
    // A request that ended later still.
    leaving?.flush(seriesOf({ requests: 1 }));
    expect(node.datagrams).toEqual([]);
    const lines = [...passInterval(node, others), ...passInterval(node, others)];
    expect(lines.filter((line) => line.startsWith("gateway.requests:"))).toEqual([
      `gateway.requests:3|c${TAGS}`,
      `gateway.requests:1|c${TAGS}`,
    ]);
  });

  test("a line that fits in no datagram is dropped and counted", () => {
    const node = fakeNode();
    const rig = startWorker(node, configOf({ mtu_bytes: 128, prefix: "p".repeat(100) }));
    rig.flush(seriesOf());
    const lines = passInterval(node, [rig]);
    expect(lines.every((line) => line.length <= 128)).toBe(true);
    expect(rig.families()).toMatch(/_total [1-9]/);
  });
});
