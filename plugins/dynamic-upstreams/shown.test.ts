import { describe, expect, test } from "vitest";
import { fakeNode, fakeWorker, type FakeNode } from "../../test/harness/fake-host.ts";
import { healthRig, type HealthRig } from "../../test/harness/health-rig.ts";
import type { PeerOverride } from "../_kit/balancer.ts";
import type { Handlers } from "../_kit/handlers.ts";
import { validate } from "../_kit/schema/index.ts";
import manifest from "./manifest.ts";
import { create } from "./plugin.ts";

const [ONE, TWO, THREE, FOUR] = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"] as const;
const HEALTH = { active: { path: "/up" }, passive: { consecutive_errors: 3, eject_seconds: 30 } };

interface Shown {
  readonly node: FakeNode;
  /** Another worker of the node, which sends requests. */
  readonly others: HealthRig;
  /** The upstream as `GET /status` shows it. */
  status(): Record<string, unknown> & { readonly peers: Record<string, Record<string, unknown>> };
  /** What a scrape reads, by series. */
  metrics(): Record<string, number>;
  steer(key: string, override: PeerOverride): void;
}

/** @param file what every file holds */
function shown(written: object = {}, file?: string): Shown {
  const node = fakeNode();
  node.files = { ...node.files, read: () => file };
  node.keeper = -1;
  const targets = [ONE, TWO, THREE].map((key) => ({ host: key.split(":")[0], port: 80 }));
  const result = validate(manifest.config, { targets, health: HEALTH, ...written });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const handlers: Handlers = create(result.value, fakeWorker(node).host);
  return {
    node,
    others: healthRig(HEALTH, { node, peers: [ONE, TWO, THREE, FOUR] }),
    status: () => handlers.admin?.[0]?.get() as ReturnType<Shown["status"]>,
    metrics: () => {
      const seen: Record<string, number> = {};
      handlers.metrics?.((name, _type, _help, labels, value) => {
        const { upstream, ...more } = labels;
        expect(upstream).toBe("backend");
        seen[[name, ...Object.values(more)].join(" ")] = value;
      });
      return seen;
    },
    steer: (key, override) => {
      handlers.balancer?.steer(key, override);
    },
  };
}

describe("an upstream as people see it", () => {
  test("is whole, and what is not known is left out", () => {
    const { status } = shown({ balance: { policy: "peak-ewma" } });
    expect(status()).toEqual({
      peers: Object.fromEntries(
        [ONE, TWO, THREE].map((key) => [
          key,
          { state: "up", weight: 1, priority: 0, takes_requests: true, in_flight: 0 },
        ]),
      ),
      policy: "peak-ewma",
      panic: false,
      peers_available: 3,
      peers_total: 3,
      sources: {},
    });
  });

  test("an ejected peer has its end, how often it was, and why", () => {
    const { status, others, node } = shown();
    others.workers[0]?.tried(TWO, 500, 500, 500);
    expect(status().peers[TWO]).toMatchObject({ state: "ejected", ejections: 1, takes_requests: false });
    expect(status().peers[TWO]?.["why"]).toMatch(/in a row/);
    expect(status().peers[TWO]?.["ejected_until"]).toBeGreaterThan(node.now);
    expect(status()).toMatchObject({ peers_available: 2, panic: false });
  });

  test("what people say comes before what health says", () => {
    const { status, others, node, steer } = shown();
    others.workers[0]?.tried(TWO, 500, 500, 500);
    steer(TWO, { state: "drain", until: node.now + 60, reason: "new kernel" });
    expect(status().peers[TWO]).toMatchObject({ state: "drain", why: "new kernel", override_until: node.now + 60 });
    expect(status().peers[TWO]?.["ejected_until"]).toBeUndefined();
    steer(TWO, { state: "up", weight: 7, until: node.now + 60, reason: "more" });
    expect(status().peers[TWO]).toMatchObject({ state: "ejected", weight: 7, override_until: node.now + 60 });
    expect(status().peers[TWO]?.["why"]).toMatch(/in a row/);
    steer(ONE, { state: "up", weight: 7, until: node.now + 60, reason: "more" });
    expect(status().peers[ONE]).toMatchObject({ state: "up", weight: 7, why: "more" });
  });

  test("a peer that its source takes away soon says so", () => {
    const list = `["10.0.0.4:80", { "host": "10.0.0.5", "port": 80, "draining": true }]`;
    const { status } = shown({ discovery: { file: { path: "/peers.json" } } }, list);
    expect(status().peers["10.0.0.5:80"]).toMatchObject({
      state: "drain",
      why: "its source takes it away soon",
      takes_requests: false,
    });
    expect(status().peers[FOUR]?.["why"]).toBeUndefined();
  });

  test("too few that are well: panic, and the sick take requests", () => {
    const { status, others, steer, node } = shown();
    steer(ONE, { state: "down", until: node.now + 60, reason: "gone" });
    steer(THREE, { state: "down", until: node.now + 60, reason: "gone" });
    others.workers[0]?.tried(TWO, 500, 500, 500);
    expect(status()).toMatchObject({ panic: true, peers_available: 1, peers: { [TWO]: { takes_requests: true } } });
  });

  test("its sources are told as the keeper told them last", () => {
    const { status, node } = shown({ discovery: { dns: { name: "users.example.com", port: 80 } } });
    expect(status()["sources"]).toEqual({});
    const source = { name: "dns users", state: "failing", sinceSeconds: node.now, problem: "no answer", count: 2 };
    node.store.set("sources:backend", JSON.stringify([source]));
    expect(status()["sources"]).toEqual({
      "dns users": { state: "failing", since: node.now, problem: "no answer", peers: 2 },
    });
  });
});

describe("the metrics of an upstream", () => {
  test("tell each peer's state as a number, and the upstream as a whole", () => {
    const { metrics, status, others, steer, node } = shown();
    others.workers[0]?.tried(TWO, 500, 500, 500);
    steer(THREE, { state: "drain", until: node.now + 60, reason: "" });
    status();
    expect(metrics()).toMatchObject({
      [`gateway_peer_state ${ONE}`]: 0,
      [`gateway_peer_state ${THREE}`]: 1,
      [`gateway_peer_state ${TWO}`]: 4,
      gateway_upstream_peers: 3,
      gateway_upstream_peers_available: 1,
      gateway_upstream_panic: 0,
    });
  });

  test("tell ejections by what caused them, those that were refused, and probes; counters of the whole node", () => {
    const { metrics, others } = shown();
    expect(metrics()).toMatchObject({
      "gateway_peer_ejections_total consecutive_errors": 0,
      "gateway_peer_ejections_total success_rate": 0,
      gateway_peer_ejections_refused_total: 0,
      "gateway_peer_probes_total success": 0,
      "gateway_peer_probes_total failure": 0,
    });
    others.workers[0]?.tried(TWO, 500, 500, 500);
    others.second();
    expect(metrics()["gateway_peer_ejections_total consecutive_errors"]).toBe(1);
  });

  test("of an upstream whose health nobody watches have none of these", () => {
    const names = Object.keys(shown({ health: {} }).metrics());
    expect(names.filter((name) => /ejections|probes/.test(name))).toEqual([]);
  });
});
