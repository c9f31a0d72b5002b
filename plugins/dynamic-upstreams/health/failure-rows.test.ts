import { describe, expect, it } from "vitest";
import { healthRig, peerKeys } from "../../../test/harness/health-rig.ts";

const [A = "", B = ""] = peerKeys(10);
const times = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

describe("errors in a row", () => {
  it("eject a peer at once in the worker that sees them, and in the others when they look", () => {
    const { node, workers, told } = healthRig({ passive: {} }, { workers: 2 });
    const [one, other] = workers;
    one?.tried(A, ...times(4, 500));
    expect(one?.health.allows(A, node.now)).toBe(true);
    one?.tried(A, 500);
    expect(one?.health.allows(A, node.now)).toBe(false);
    expect(other?.health.allows(A, node.now)).toBe(true);
    expect([one?.catchUp(), other?.catchUp(), other?.catchUp()]).toEqual([true, true, false]);
    expect(other?.health.allows(A, node.now)).toBe(false);
    expect(other?.health.of(A)).toMatchObject({ ejections: 1, unhealthy: false, why: "5 errors in a row" });
    expect(told()).toEqual([`peer:backend/${A} healthy > ejected`]);
    const [event] = node.events;
    expect(event).toMatchObject({ plugin: "dynamic-upstreams", reason: "5 errors in a row" });
    expect(event?.inputs).toMatchObject({ errors_in_row: 5, ejections: 1, ejected_peers: 1, peers: 10 });
    expect(event?.inputs["seconds"]).toBeGreaterThanOrEqual(30);
    expect(event?.inputs["seconds"]).toBeLessThanOrEqual(33);
  });

  it("are counted over all workers together", () => {
    const { workers, usable } = healthRig({ passive: {} }, { workers: 4 });
    for (const status of [500, 501, 599, 500, 505]) workers[status % 4]?.tried(A, status);
    expect(usable(A)).toBe(false);
  });

  it("are ended by a success in the same worker at once", () => {
    const { workers, usable } = healthRig({ passive: {} });
    workers[0]?.tried(A, ...times(4, 500), 200, ...times(4, 500), 404, ...times(4, 500));
    expect(usable(A)).toBe(true);
    workers[0]?.tried(A, 500);
    expect(usable(A)).toBe(false);
  });

  it("are ended by a success in another worker once that one has looked", () => {
    const { workers, usable } = healthRig({ passive: {} }, { workers: 2 });
    const [one, other] = workers;
    other?.tried(A, 200);
    one?.tried(A, ...times(4, 500));
    other?.catchUp();
    other?.tried(A, 200);
    one?.tried(A, ...times(4, 500));
    expect(usable(A)).toBe(true);
    one?.tried(A, 500);
    expect(usable(A)).toBe(false);
  });

  it("are heard of by a worker that did not know the peer when they began", () => {
    const { workers, usable } = healthRig({ passive: {} }, { workers: 2 });
    const [one, other] = workers;
    one?.replace([...peerKeys(10), "10.9.9.9:80"]);
    one?.flush();
    one?.tried("10.9.9.9:80", ...times(4, 500));
    other?.catchUp();
    other?.catchUp();
    other?.replace([...peerKeys(10), "10.9.9.9:80"]);
    other?.flush();
    other?.tried("10.9.9.9:80", 200);
    one?.tried("10.9.9.9:80", 500);
    expect(usable("10.9.9.9:80")).toBe(true);
  });

  it("are heard of by a worker that looked just while they were told of", () => {
    const { node, workers, usable } = healthRig({ passive: {} }, { workers: 2 });
    const [one, other] = workers;
    other?.tried(A, 200);
    let isCounted = false;
    node.store.interrupt = () => {
      if (isCounted || !node.store.keys().includes("health-suspects:backend")) return;
      isCounted = true;
      other?.catchUp();
    };
    one?.tried(A, 500);
    node.store.interrupt = undefined;
    expect(isCounted).toBe(true);
    one?.tried(A, ...times(3, 500));
    other?.catchUp();
    other?.tried(A, 200);
    one?.tried(A, 500);
    expect(usable(A)).toBe(true);
  });

  it("are heard of when more rows began than the ring holds", () => {
    const keys = peerKeys(600);
    const { workers, usable } = healthRig({ passive: {} }, { workers: 2, peers: keys });
    const [one, other] = workers;
    for (const key of keys) other?.tried(key, 200);
    for (const key of keys) one?.tried(key, ...times(4, 500));
    other?.catchUp();
    for (const key of keys) other?.tried(key, 200);
    one?.tried(A, 500);
    expect(usable(A)).toBe(true);
  });

  it("do nothing where the number is 0", () => {
    const { node, workers, usable } = healthRig({
      passive: { consecutive_errors: 0, consecutive_gateway_errors: 0 },
    });
    node.store.operations = 0;
    workers[0]?.tried(A, ...times(1000, 500));
    expect(node.store.operations).toBe(0);
    expect(usable(A)).toBe(true);
  });
});

describe("gateway errors in a row", () => {
  const passive = { consecutive_errors: 0, consecutive_gateway_errors: 3 };

  it.each([0, 502, 503, 504])("are no answer, 502, 503 and 504: %d", (status) => {
    const { node, workers, usable } = healthRig({ passive });
    workers[0]?.tried(A, ...times(3, status));
    expect(usable(A)).toBe(false);
    expect(node.events[0]).toMatchObject({ reason: "3 gateway errors in a row" });
  });

  it("are ended by any other answer, a 500 of another worker included", () => {
    const { workers, usable } = healthRig({ passive }, { workers: 2 });
    workers[0]?.tried(A, 502, 502);
    workers[1]?.tried(A, 500);
    workers[0]?.tried(A, 502, 502);
    expect(usable(A)).toBe(true);
    workers[0]?.tried(A, 502);
    expect(usable(A)).toBe(false);
  });

  it("count as errors too", () => {
    const { workers, usable } = healthRig({ passive: { consecutive_errors: 4, consecutive_gateway_errors: 0 } });
    workers[0]?.tried(A, 502, 500, 0, 503);
    expect(usable(A)).toBe(false);
  });
});

describe("how many are ejected", () => {
  it("is one of ten at 10 percent; another one fails on", () => {
    const { node, workers, usable, told } = healthRig({ passive: {} });
    workers[0]?.tried(A, ...times(5, 500));
    workers[0]?.tried(B, ...times(50, 500));
    expect([usable(A), usable(B)]).toEqual([false, true]);
    node.now += 34;
    workers[0]?.tried(B, ...times(5, 500));
    expect(usable(B)).toBe(false);
    expect(told()).toHaveLength(2);
  });

  it("is one less than all at 100 percent", () => {
    const keys = peerKeys(4);
    const { workers, usable } = healthRig({ passive: { max_ejected: 100 } }, { workers: 4, peers: keys });
    for (const worker of workers) for (const key of keys) worker.tried(key, ...times(20, 0));
    expect(keys.map(usable).filter(Boolean)).toHaveLength(1);
  });

  it("is none of a single peer", () => {
    const { workers, usable } = healthRig({ passive: { max_ejected: 100 } }, { peers: [A] });
    workers[0]?.tried(A, ...times(100, 0));
    expect(usable(A)).toBe(true);
  });

  it("leaves the last one that people and probes left", () => {
    const keys = peerKeys(3);
    const { node, workers, usable } = healthRig({ passive: { max_ejected: 100 } }, { peers: keys });
    for (const peer of workers[0]?.set.peers() ?? []) peer.available = peer.key === A;
    workers[0]?.tried(A, ...times(20, 0));
    expect(usable(A)).toBe(true);
    for (const peer of workers[0]?.set.peers() ?? []) peer.available = peer.key !== B;
    node.now += 1;
    workers[0]?.tried(A, ...times(20, 0));
    expect(usable(A)).toBe(false);
  });
});

describe("a claim that another worker has", () => {
  it("puts the ejection off to the next look", () => {
    const { node, workers, usable, told } = healthRig({ passive: {} });
    node.store.add("health-claim:backend", 0.25, 1);
    workers[0]?.tried(A, ...times(5, 500));
    expect(usable(A)).toBe(true);
    node.now += 1.5;
    workers[0]?.catchUp();
    expect(usable(A)).toBe(false);
    expect(told()).toHaveLength(1);
  });

  it("puts nothing off that a success has ended", () => {
    const { node, workers, usable } = healthRig({ passive: {} }, { workers: 2 });
    node.store.add("health-claim:backend", 0.25, 1);
    workers[0]?.tried(A, ...times(5, 500));
    workers[1]?.catchUp();
    workers[1]?.tried(A, 200);
    node.now += 1.5;
    workers[0]?.catchUp();
    expect(usable(A)).toBe(true);
  });
});

describe("what a try costs", () => {
  it("is nothing in shared memory while all is well", () => {
    const { node, workers } = healthRig({ passive: {} }, { workers: 2 });
    for (const worker of workers) worker.tried(A, 200);
    node.store.operations = 0;
    for (const worker of workers) worker.tried(A, ...times(1000, 200), 301, 404, 499);
    expect(node.store.operations).toBe(0);
  });

  it("is nothing at all without outlier detection", () => {
    const { node, workers } = healthRig({ active: {} });
    node.store.operations = 0;
    workers[0]?.tried(A, ...times(100, 500), 200);
    expect(node.store.operations).toBe(0);
    expect(workers[0]?.peer(A)).toMatchObject({ ok: 0, failed: 0, errorsInRow: 0 });
  });

  it("is little for a peer that is ejected and still asked", () => {
    const { node, workers } = healthRig({ passive: {} });
    workers[0]?.tried(A, ...times(5, 500));
    node.store.operations = 0;
    workers[0]?.tried(A, ...times(100, 500));
    expect(node.store.operations).toBe(0);
  });

  it("is no look at all peers for each failure while no more may be ejected", () => {
    const { node, workers } = healthRig({ passive: {} });
    workers[0]?.tried(A, ...times(5, 500));
    let claims = 0;
    const { add } = node.store;
    node.store.add = (key, value, ttl) => {
      claims += key === "health-claim:backend" ? 1 : 0;
      return add(key, value, ttl);
    };
    for (const key of peerKeys(10).slice(1)) workers[0]?.tried(key, ...times(50, 500));
    expect(claims).toBe(1);
    node.now += 0.3;
    workers[0]?.tried(B, ...times(5, 500));
    expect(claims).toBe(2);
  });
});
