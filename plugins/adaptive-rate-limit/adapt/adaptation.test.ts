import { describe, expect, it } from "vitest";
import { adaptationRig, type AdaptationRig } from "../../../test/harness/adaptation-rig.ts";
import { fakeContext, type FakeRequest } from "../../../test/harness/fake-context.ts";

/** Twice the threshold: the second interval of it is stress. */
const BUSY = { cpuRatio: 1.6, lagSeconds: 0 };
const IDLE = { cpuRatio: 0.1, lagSeconds: 0 };

/** All workers' requests are answered so. */
function answered(rig: AdaptationRig, count: number, request: FakeRequest): void {
  for (let n = 0; n < count; n++) rig.workers[n % rig.workers.length]?.observe?.(fakeContext(request));
}

describe("the loop over processors and event loops", () => {
  it("is the default, cuts down to the floor in all workers, and comes back", () => {
    const rig = adaptationRig({});
    rig.node.load = BUSY;
    rig.pass(1);
    expect(rig.shares()).toEqual([1, 1]);
    rig.pass(1);
    expect(rig.shares()[0]).toBeCloseTo(0.8);
    const [version] = rig.workers.map((worker) => worker.version());
    rig.pass(1);
    // The other worker follows a tick later at most.
    expect(rig.shares()[0]).toBeCloseTo(0.64);
    expect(rig.workers[0]?.version()).toBeGreaterThan(version ?? 0);
    rig.pass(10);
    expect(rig.shares()).toEqual([0.1, 0.1]);
    rig.node.load = IDLE;
    rig.pass(10 + 4 + 18);
    expect(rig.shares()).toEqual([1, 1]);
    expect(rig.told()).toEqual(["1.00>0.80", "0.11>0.10", "0.10>1.00"]);
    expect(rig.node.events[0]).toMatchObject({
      plugin: "adaptive-rate-limit",
      subject: "limit:users",
      reason: "the gateway's processors are busy",
      inputs: { gateway_cpu: 1.6, loop_lag_seconds: 0 },
    });
    expect(rig.node.events[2]?.reason).toBe("it is calm again");
  });

  it("late event loops are stress too, and what was not configured is not looked at", () => {
    const late = adaptationRig({});
    late.node.load = { cpuRatio: undefined, lagSeconds: 0.5 };
    late.pass(2);
    expect(late.node.events[0]?.reason).toBe("event loops of the gateway run late");
    const other = adaptationRig({ adapt: { error_rate: 5 } });
    other.node.load = { cpuRatio: 1, lagSeconds: 5 };
    other.pass(20);
    expect(other.shares()).toEqual([1, 1]);
  });

  it("one worker steps for all, and another one goes on when it dies", () => {
    const rig = adaptationRig({ adapt: { hold_seconds: 600 } }, 4);
    rig.node.load = BUSY;
    rig.pass(4);
    expect(rig.shares()[0]).toBeCloseTo(0.8 ** 3);
    rig.kill(0);
    // Its lease ends, and at once another one has it: where it was, not from the beginning.
    rig.pass(5);
    const share = rig.shares()[3] ?? 1;
    expect(share).toBeLessThan(0.8 ** 3);
    expect(share).toBeGreaterThanOrEqual(0.8 ** 8);
    expect(rig.told()).toEqual(["1.00>0.80"]);
  });

  it("takes its interval, however often workers look", () => {
    const rig = adaptationRig({ adapt: { interval_seconds: 5 } });
    rig.node.load = BUSY;
    rig.pass(1 + 4 + 4 + 4);
    expect(rig.shares()[0]).toBeCloseTo(0.8 ** 3);
  });

  it("begins anew where the memory holds something else", () => {
    const rig = adaptationRig({});
    rig.node.store.set("rl:users:share", "7");
    rig.node.store.set("rl:users:by-hand", "{}");
    rig.node.load = BUSY;
    rig.pass(2);
    expect(rig.shares()[0]).toBeCloseTo(0.8);
  });
});

describe("the upstream's latency and errors", () => {
  it("a slow upstream is stress from twenty requests on, over all workers", () => {
    const rig = adaptationRig({ adapt: { latency_seconds: 0.5 } });
    rig.pass(2);
    answered(rig, 20, { upstreamSeconds: 2 });
    rig.pass(2);
    answered(rig, 19, { upstreamSeconds: 2 });
    rig.pass(2);
    expect(rig.shares()).toEqual([1, 1]);
    answered(rig, 1, { upstreamSeconds: 2 });
    rig.pass(2);
    expect(rig.shares()[0]).toBeCloseTo(0.8);
    expect(rig.node.events[0]).toMatchObject({ reason: "the upstream is slow", inputs: { latency_seconds: 2 } });
    // Nothing new: nothing more is cut, and nothing rises for a minute.
    rig.pass(50);
    expect(rig.shares()).toEqual([0.8, 0.8]);
    rig.pass(20);
    expect(rig.shares()).toEqual([1, 1]);
  });

  it("failures are stress: statuses of 500 and more, of requests that were proxied to the route's own upstream", () => {
    const rig = adaptationRig({ adapt: { error_rate: 10 } });
    rig.pass(2);
    answered(rig, 40, { status: 503, proxied: false });
    answered(rig, 40, { status: 503, routedTo: "spare" });
    answered(rig, 37, { status: 404 });
    answered(rig, 3, { status: 502 });
    rig.pass(2);
    expect(rig.shares()).toEqual([1, 1]);
    for (let n = 0; n < 6; n++) {
      answered(rig, 34, { status: 200 });
      answered(rig, 6, { status: 502 });
      rig.pass(2);
    }
    expect(rig.node.events[0]).toMatchObject({ reason: "the upstream fails", inputs: { error_rate: 15 } });
  });

  it("reads no times where only errors are looked at, and has no log phase where neither is", () => {
    const errors = adaptationRig({ adapt: { error_rate: 10 } });
    const context = fakeContext({ upstreamSeconds: 1 });
    errors.workers[0]?.observe?.(context);
    expect(context.reads).not.toContain("upstreamSeconds");
    expect(adaptationRig({ adapt: { gateway_cpu: 0.8 } }).workers[0]?.observe).toBeUndefined();
  });

  it("forgets counts that began anew", () => {
    const rig = adaptationRig({ adapt: { latency_seconds: 0.5 } }, 1);
    rig.pass(1);
    answered(rig, 1000, { upstreamSeconds: 0.1 });
    rig.pass(1);
    for (let n = 0; n < 5; n++) {
      for (const key of rig.node.store.keys()) if (/requests|:seconds/.test(key)) rig.node.store.remove(key);
      // As a difference these would be less than nothing, or anything at all.
      answered(rig, 500 - n, { upstreamSeconds: 2 });
      rig.pass(1);
    }
    expect(rig.told()).toEqual([]);
    expect(rig.workers[0]?.resource.get()["signals"]).toEqual({ latency_seconds: expect.closeTo(0.06) as number });
  });
});

describe("tiers and surges", () => {
  it("gold is cut last, and clients that surge first", () => {
    const rig = adaptationRig({ adapt: { surge_multiple: 5 } });
    const worker = rig.workers[0]!;
    rig.node.load = BUSY;
    rig.pass(4);
    // 0.512 of the loop: more than half of the stress.
    expect(worker.shareOf(0.1, true)).toBeCloseTo(0.1);
    expect(worker.shareOf(0.1, false)).toBeGreaterThan(0.9);
    expect(worker.shareOf(0.6, false)).toBe(1);
    expect(worker.shareOf(1, true)).toBe(1);
  });

  it("tells who surges by what a client is used to; nobody does where it is not asked for", () => {
    const rig = adaptationRig({ adapt: { surge_multiple: 5 } }, 1);
    const worker = rig.workers[0]!;
    const other = adaptationRig({}, 1).workers[0]!;
    for (let second = 0; second < 1200; second++) expect(worker.surges("calm", 1, second)).toBe(false);
    let surged = false;
    for (let n = 0; n < 200; n++) {
      surged = worker.surges("calm", 1, 1200 + n / 20);
      expect(other.surges("calm", 1, 1200 + n / 20)).toBe(false);
    }
    expect(surged).toBe(true);
    for (let n = 0; n < 50; n++) surged = worker.surges("flood from nowhere", 1, 1210 + n / 50);
    expect(surged).toBe(true);
  });

  it("knows some thousand clients and no more, and forgets those that were silent for longest", () => {
    const worker = adaptationRig({ adapt: { surge_multiple: 5 } }, 1).workers[0]!;
    for (let second = 0; second < 1200; second++) worker.surges("regular", 1, second);
    const flood = () => {
      let surged = false;
      for (let n = 0; n < 30; n++) surged = worker.surges("regular", 1, 1200);
      return surged;
    };
    for (let n = 0; n < 4000; n++) worker.surges(`k${String(n)}`, 1, 1200);
    expect(flood()).toBe(false);
    for (let n = 0; n < 100_000; n++) worker.surges(`l${String(n)}`, 1, 1200);
    expect(worker.surges("regular", 1, 1200)).toBe(false);
  });
});

describe("metrics and what people see", () => {
  it("shows the share, why, the signs and the limit", () => {
    const rig = adaptationRig({ limit: 50, replicas: 3 });
    rig.node.load = BUSY;
    rig.pass(2);
    expect(rig.workers[1]?.resource.get()).toMatchObject({
      factor: 0.8,
      adaptive_factor: 0.8,
      reason: "the gateway's processors are busy",
      limit: 50,
      floor: 0.1,
      replicas: 3,
      shadow: false,
    });
    const found: Record<string, number> = {};
    rig.workers[1]?.metrics((name, _type, _help, { route, signal = "" }, value) => {
      found[`${name} ${route ?? ""} ${signal}`] = value;
    });
    expect(found).toMatchObject({
      "gateway_rate_limit_share_ratio users ": 0.8,
      "gateway_rate_limit_signal_ratio users gateway_cpu": expect.closeTo(1.02) as number,
      "gateway_rate_limit_signal_ratio users loop_lag_seconds": 0,
      "gateway_rate_limit_replicas users ": 3,
    });
    rig.node.load = IDLE;
    rig.pass(10);
    expect(rig.workers[0]?.resource.get()["reason"]).toBe("recovering");
  });
});
