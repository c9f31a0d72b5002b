import { describe, expect, it } from "vitest";
import { adaptationRig, type AdaptationRig } from "../../../test/harness/adaptation-rig.ts";

function put(rig: AdaptationRig, body: Record<string, unknown>, worker = 0): string | undefined {
  const { put: change } = rig.workers[worker]!.resource;
  if (change === undefined) throw new Error("nothing can be changed");
  return change(body);
}

describe("a factor by hand", () => {
  it("holds at once in the worker that was told and a second later in all, until its time is up", () => {
    const rig = adaptationRig({});
    rig.pass(1);
    expect(put(rig, { factor: 0.5, ttl_seconds: 30, reason: "a sale" })).toBeUndefined();
    expect(rig.shares()).toEqual([0.5, 1]);
    rig.pass(1);
    expect(rig.shares()).toEqual([0.5, 0.5]);
    expect(rig.workers[1]?.resource.get()).toMatchObject({
      factor: 0.5,
      reason: "a sale",
      until: rig.node.now + 29,
      adaptive_factor: 1,
    });
    rig.pass(30);
    expect(rig.shares()).toEqual([1, 1]);
    expect(rig.node.events.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ["1.00", "0.50", "a sale"],
      ["0.50", "1.00", "the override expired"],
    ]);
    expect(rig.workers[1]?.resource.get()["until"]).toBeUndefined();
  });

  it("ends by a factor of 1, told once", () => {
    const rig = adaptationRig({});
    put(rig, { factor: 0.5 });
    rig.pass(3);
    put(rig, { factor: 1 }, 1);
    rig.pass(400);
    expect(rig.shares()).toEqual([1, 1]);
    expect(rig.told()).toEqual(["1.00>0.50", "0.50>1.00"]);
    put(rig, { factor: 1 });
    expect(rig.told().length).toBe(2);
  });

  it("said again only renews its time", () => {
    const rig = adaptationRig({});
    for (let n = 0; n < 5; n++) {
      put(rig, { factor: 0.5, ttl_seconds: 10 }, n % 2);
      rig.pass(5);
    }
    expect(rig.shares()).toEqual([0.5, 0.5]);
    expect(rig.told()).toEqual(["1.00>0.50"]);
  });

  it("the smaller of the loop's share and the factor is in force, for surging clients and others alike", () => {
    const rig = adaptationRig({ adapt: { surge_multiple: 5 } });
    put(rig, { factor: 0.5 });
    const worker = rig.workers[0]!;
    expect([worker.shareOf(0.1, true), worker.shareOf(0.1, false)]).toEqual([0.5, 0.5]);
    rig.node.load = { cpuRatio: 2, lagSeconds: 0 };
    rig.pass(20);
    expect(worker.shareOf(0.1, false)).toBe(0.1);
  });

  it("may go below the floor, and takes the floors of tiers along", () => {
    const rig = adaptationRig({});
    put(rig, { factor: 0.01 });
    const worker = rig.workers[0]!;
    expect(worker.shareOf(0.1, false)).toBeCloseTo(0.01);
    expect(worker.shareOf(0.8, false)).toBeCloseTo(0.08);
  });

  it.each([
    [{}, "factor must be a number above 0, at most 1"],
    [{ factor: 0 }, "factor must be"],
    [{ factor: 1.5 }, "factor must be"],
    [{ factor: "0.5" }, "factor must be"],
    [{ factor: NaN }, "factor must be"],
    [{ factor: 0.5, ttl_seconds: 0 }, "ttl_seconds must be a number from 1 to 86400"],
    [{ factor: 0.5, ttl_seconds: 1e6 }, "ttl_seconds must be"],
    [{ factor: 0.5, reason: 7 }, "reason must be a text"],
    [{ factor: 0.5, reason: "x".repeat(201) }, "of at most 200 characters"],
    [{ factor: 0.5, state: "open" }, '"state" is not known'],
  ])("%j is refused", (body, told) => {
    const rig = adaptationRig({});
    expect(put(rig, body)).toContain(told);
    expect(rig.shares()).toEqual([1, 1]);
    expect(rig.told()).toEqual([]);
  });

  it("cannot be set where external signals are off", () => {
    const rig = adaptationRig({ adapt: { external: false } });
    expect(rig.workers[0]?.resource.put).toBeUndefined();
    rig.node.store.set("rl:users:by-hand", '{"factor":0.5,"untilSeconds":2e9,"reason":""}');
    rig.pass(2);
    expect(rig.shares()).toEqual([1, 1]);
  });
});
