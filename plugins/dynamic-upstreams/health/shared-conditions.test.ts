import { describe, expect, it } from "vitest";
import { fakeNode } from "../../../test/harness/fake-host.ts";
import { healthConfig, healthRig, peerKeys } from "../../../test/harness/health-rig.ts";
import { conditionOf, GOOD_VERDICT, NO_EJECTION } from "../../_core/health/peer-condition.ts";
import type { Random } from "../../_kit/ports.ts";
import { healthKeys } from "./health-keys.ts";
import { sharedConditions, type SharedConditions } from "./shared-conditions.ts";

const keys = healthKeys("backend");
const [A = "", B = "", C = ""] = peerKeys(3);
const SICK = conditionOf({ ...GOOD_VERDICT, unhealthy: true, note: "a probe failed" }, NO_EJECTION);

function twoWorkers() {
  const node = fakeNode();
  const worker = (token: number): SharedConditions => {
    const random: Random = { next: () => token };
    const json = { decode: (text: string): unknown => parse(text), encode: (value: unknown) => JSON.stringify(value) };
    return sharedConditions(keys, healthConfig({ active: {}, passive: {} }), {
      store: node.store,
      clock: { now: () => node.now },
      random,
      json,
    });
  };
  return { node, one: worker(0.1), other: worker(0.2) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function write(shared: SharedConditions, key: string): boolean {
  if (!shared.open()) return false;
  shared.put(key, SICK);
  return shared.close();
}

describe("writing", () => {
  it("adds to what other workers wrote that were not heard of yet", () => {
    const { one, other } = twoWorkers();
    expect(one.refresh()).toBe(false);
    expect([write(one, A), write(other, B), write(one, C)]).toEqual([true, true, true]);
    expect([one.refresh(), other.refresh()]).toEqual([true, true]);
    for (const shared of [one, other]) {
      expect(Object.keys(shared.all()).sort()).toEqual([A, B, C]);
      expect(shared.refresh()).toBe(false);
    }
  });

  it("is one worker's at a time, and nobody's for longer than a second when that one dies", () => {
    const { node, one, other } = twoWorkers();
    expect(one.open()).toBe(true);
    expect(other.open()).toBe(false);
    node.now += 1.01;
    expect(write(other, B)).toBe(true);
  });

  it("of a worker that was stopped for so long that it lost the claim changes nothing", () => {
    const { node, one, other } = twoWorkers();
    one.open();
    one.put(A, SICK);
    node.now += 1.01;
    other.open();
    expect(one.close()).toBe(false);
    expect(one.of(A)).toBeUndefined();
    expect(node.store.get(keys.claim)).toBe(0.2);
    other.put(B, SICK);
    expect(other.close()).toBe(true);
    one.refresh();
    expect(Object.keys(one.all())).toEqual([B]);
  });

  it("that finds no memory changes nothing", () => {
    const { node, one } = twoWorkers();
    write(one, A);
    one.refresh();
    const { set } = node.store;
    node.store.set = () => false;
    one.open();
    one.put(A, undefined);
    one.put(A, undefined);
    one.put(B, SICK);
    expect(one.close()).toBe(false);
    expect([one.of(A), one.of(B)]).toEqual([SICK, undefined]);
    expect(one.refresh()).toBe(false);
    node.store.set = set;
    expect(write(one, B)).toBe(true);
    expect(Object.keys(one.all())).toEqual([A, B]);
  });

  it("of nothing touches nothing but the claim", () => {
    const { node, one } = twoWorkers();
    one.open();
    expect(one.close()).toBe(true);
    expect(node.store.keys()).toEqual([]);
  });
});

describe("what was pushed out of memory", () => {
  it("is still known, and written again with the next look", () => {
    const { node, one, other } = twoWorkers();
    write(one, A);
    node.store.remove(keys.text);
    expect(write(one, B)).toBe(true);
    other.refresh();
    expect(Object.keys(other.all()).sort()).toEqual([A, B]);
    node.store.remove(keys.text);
    one.open();
    one.close();
    expect(node.store.get(keys.text)).toBeTypeOf("string");
  });

  it("does not hide later writes: a version begins anew elsewhere", () => {
    const { node, one, other } = twoWorkers();
    write(one, A);
    other.refresh();
    node.store.remove(keys.version);
    node.now += 1;
    write(one, B);
    other.refresh();
    expect(other.of(B)).toEqual(SICK);
  });
});

describe("garbage", () => {
  it.each([["not JSON"], [7], [true]])("in place of the text is passed over and written over: %s", (garbage) => {
    const { node, one, other } = twoWorkers();
    write(one, A);
    node.store.set(keys.text, garbage);
    node.store.incr(keys.version, 1, 0, 0);
    one.refresh();
    expect(one.of(A)).toEqual(SICK);
    write(one, B);
    other.refresh();
    expect(Object.keys(other.all()).sort()).toEqual([A, B]);
  });

  it("in place of the version is written over", () => {
    const { node, one, other } = twoWorkers();
    node.store.set(keys.version, "x");
    other.refresh();
    write(one, A);
    other.refresh();
    expect(other.of(A)).toEqual(SICK);
  });
});

describe("a configuration that is another after a reload", () => {
  it.each([
    ["probes", { passive: {} }],
    ["outlier detection", { active: {} }],
  ])("says nothing of what it does not look at: no %s", (_what, health) => {
    const first = healthRig({ active: {}, passive: {} });
    const store = first.node.store;
    const until = first.node.now + 20;
    const rows = [
      [A, 1, 1, 0.5, "", 0, 0, 0, ""],
      [B, 0, 0, 1, "", until, 1, 0, "5 errors in a row"],
    ];
    store.set(keys.text, JSON.stringify(rows));
    store.incr(keys.version, 1, 0, 0);
    expect([first.usable(A), first.usable(B)]).toEqual([false, false]);
    const second = healthRig(health, { node: first.node });
    const probes = "active" in health;
    expect([second.usable(A), second.usable(B)]).toEqual([!probes, probes]);
  });
});

describe("when nothing can be written", () => {
  it("it is said once a minute, no peer is treated as if it had been, and nobody is told", () => {
    const rig = healthRig({ passive: {} });
    rig.node.store.set = () => false;
    for (let count = 0; count < 40; count++) {
      rig.workers[0]?.tried(A, 500);
      rig.second();
    }
    expect(rig.usable(A)).toBe(true);
    expect(rig.told()).toEqual([]);
    expect(rig.node.problems).toEqual([
      "the health of upstream backend was not written: is the dict autoscale_upstreams too small?",
    ]);
  });
});
