import { describe, expect, it } from "vitest";
import { FAILED, OK, begin, call, configOf, end, rig, shown } from "../../test/harness/breaker-rig.ts";
import { fakeContext, fakePool } from "../../test/harness/fake-context.ts";

/** What a request of a closed breaker may cost. */
const BUDGET = 2;

describe("operations on the store", () => {
  it.each(["time", "count"])("are two at most for every request while closed (%s window)", (type) => {
    const { node, workers } = rig({ window: { type, seconds: 2 }, minimum_calls: 10 }, { workers: 3 });
    let most = 0;
    for (let i = 0; i < 3000; i++) {
      node.store.operations = 0;
      call(node, workers[(i * 7) % 3]!, i % 5 === 0 ? FAILED : OK);
      most = Math.max(most, node.store.operations);
      node.now += 0.017;
      if (i % 30 === 0) for (const worker of workers) worker.tick();
    }
    expect(most).toBe(BUDGET);
    expect(node.events).toEqual([]);
  });

  it("are two also when a count window's counter is replaced, and the window stays", () => {
    const { node, workers } = rig({ window: { type: "count", calls: 100 }, failure_rate: 90 }, { workers: 2 });
    const state = "cb:route:users:state";
    let most = 0;
    for (let i = 0; i < 70_000; i++) {
      node.store.operations = 0;
      call(node, workers[i % 2]!, i % 2 === 0 ? FAILED : OK);
      most = Math.max(most, node.store.operations);
    }
    expect(most).toBe(BUDGET);
    expect(node.store.get(state)).toBe(1);
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", generation: 0 });
    expect(Number(shown(workers[0]!).calls)).toBeGreaterThanOrEqual(100);
    expect(Number(shown(workers[0]!).calls)).toBeLessThanOrEqual(112);
    expect(shown(workers[0]!).failure_rate).toBeCloseTo(50, -1);
    for (const worker of workers) worker.tick();
    expect(node.store.ttl("cb:route:users:c:0:0")).toBeLessThanOrEqual(60);
  });

  it("still judge right after the counter was replaced", () => {
    const { node, workers } = rig({ window: { type: "count", calls: 100 } }, { workers: 1 });
    for (let i = 0; i < 65_536; i++) call(node, workers[0]!, OK);
    for (let i = 0; i < 49; i++) call(node, workers[0]!, FAILED);
    expect(shown(workers[0]!).state).toBe("closed");
    for (let i = 0; i < 8; i++) call(node, workers[0]!, FAILED);
    expect(shown(workers[0]!).state).toBe("open");
  });

  it("stop a slot's counting before its counters overflow", () => {
    const { node, workers } = rig({ failure_rate: 90 });
    node.store.set(`cb:route:users:w:0:${String(node.now)}`, 2 ** 17 - 4097);
    for (let i = 0; i < 3; i++) call(node, workers[0]!, OK);
    expect(shown(workers[0]!)).toMatchObject({ state: "closed", calls: 2 ** 17 - 4096 });
    node.now += 1;
    call(node, workers[0]!, OK);
    expect(shown(workers[0]!).calls).toBe(2 ** 17 - 4095);
  });

  it("are two at most for each try in peer scope", () => {
    const { node, workers } = rig({ scope: "peer" }, { workers: 2 });
    const peers = ["10.0.0.1:80", "10.0.0.2:80"];
    let most = 0;
    for (let i = 0; i < 400; i++) {
      node.store.operations = 0;
      const open = begin(node, workers[i % 2]!);
      workers[i % 2]!.handlers.select_upstream?.(open.context, fakePool(peers));
      end(workers[i % 2]!, open, { tries: [{ peer: peers[i % 2]!, status: 200, seconds: 0.1 }] });
      most = Math.max(most, node.store.operations);
      node.now += 0.05;
    }
    expect(most).toBe(BUDGET);
  });

  it("are one when the answer is not the upstream's", () => {
    const { node, workers } = rig({});
    node.store.operations = 0;
    call(node, workers[0]!, { proxied: false });
    expect(node.store.operations).toBe(1);
  });
});

describe("a closed request", () => {
  it("asks three things of the request and remembers nothing", () => {
    const { node, workers } = rig({});
    const context = fakeContext({ startSeconds: node.now });
    workers[0]!.handlers.access?.(context);
    workers[0]!.handlers.log?.(context);
    expect(context.reads).toEqual(["startSeconds", "proxied", "status"]);
    expect(context.marks()).toBe(0);
  });
});

describe("keys", () => {
  it.each(["time", "count"])("stay few, and all but state and counters expire (%s window)", (type) => {
    const { node, workers } = rig(
      { window: { type, seconds: 5 }, minimum_calls: 2, half_open: { calls: 1 }, open: { seconds: 1 } },
      { workers: 2 },
    );
    for (let i = 0; i < 4000; i++) {
      call(node, workers[i % 2]!, i % 90 < 45 ? FAILED : OK);
      node.now += 0.05;
      for (const worker of workers) worker.tick();
    }
    expect(node.events.length).toBeGreaterThan(50);
    const keys = node.store.keys();
    expect(keys.length).toBeLessThan(type === "time" ? 40 : 110);
    const lasting = keys.filter((key) => node.store.ttl(key) === Infinity);
    expect(lasting).toEqual([
      "cb:route:users:rejected",
      "cb:route:users:since",
      "cb:route:users:state",
      "cb:route:users:to:closed",
      "cb:route:users:to:half_open",
      "cb:route:users:to:open",
    ]);
  });

  it("of slots die with the window", () => {
    const { node, workers } = rig({ window: { seconds: 10 } });
    call(node, workers[0]!, OK);
    expect(node.store.ttl(`cb:route:users:w:0:${String(node.now)}`)).toBe(12);
    expect(configOf({}).window.seconds).toBe(10);
  });
});
