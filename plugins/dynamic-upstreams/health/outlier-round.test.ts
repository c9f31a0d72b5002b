import { describe, expect, it } from "vitest";
import { healthRig, peerKeys, type HealthRig } from "../../../test/harness/health-rig.ts";

const keys = peerKeys(10);
const [A = "", B = ""] = keys;

/** Counts so many requests of each peer in one worker, mixed so that no failures stand in a row. */
function answer(rig: HealthRig, key: string, ok: number, failed: number, worker = 0): void {
  const one = rig.workers[worker];
  for (let count = 0; count < Math.max(ok, failed); count++) {
    if (count < failed) one?.tried(key, 500);
    if (count < ok) one?.tried(key, 200);
  }
}

/** To the second after the border of the next interval. */
function nextInterval(rig: HealthRig, seconds = 10): void {
  const border = (Math.floor(rig.node.now / seconds) + 1) * seconds;
  while (rig.node.now < border) rig.second();
}

const ratesOnly = { consecutive_errors: 0, consecutive_gateway_errors: 0 };

describe("rates of an interval", () => {
  it("are summed over all workers, and looked at when the interval is over", () => {
    const rig = healthRig({ passive: ratesOnly }, { workers: 2 });
    for (const key of keys)
      for (const worker of [0, 1]) answer(rig, key, key === A ? 40 : 60, key === A ? 20 : 0, worker);
    rig.second();
    expect(rig.usable(A)).toBe(true);
    nextInterval(rig);
    expect(keys.filter((key) => !rig.usable(key))).toEqual([A]);
    const [event, ...others] = rig.node.events;
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      subject: `peer:backend/${A}`,
      from: "healthy",
      to: "ejected",
      reason: "66.66% of its requests went well, less than 77.66%",
    });
    expect(event?.inputs).toMatchObject({ requests: 120, ejections: 1 });
    expect(event?.inputs["mean_percent"]).toBeCloseTo(96.67, 2);
  });

  it("eject by the share of failures, the worst first, as many as may be", () => {
    const rig = healthRig({ passive: { ...ratesOnly, success_rate_stdev: 0 } });
    answer(rig, A, 5, 60);
    answer(rig, B, 2, 60);
    nextInterval(rig);
    expect(keys.filter((key) => !rig.usable(key))).toEqual([B]);
    expect(rig.node.events[0]?.reason).toBe("3.22% of its requests went well, no more than 15.00%");
  });

  it("are not counted twice, nor those of who is ejected", () => {
    const rig = healthRig({ passive: { ...ratesOnly, success_rate_stdev: 0, max_ejected: 50, eject_seconds: 1 } });
    answer(rig, A, 5, 60);
    nextInterval(rig);
    expect(rig.told()).toHaveLength(1);
    nextInterval(rig);
    nextInterval(rig);
    expect(rig.told()).toEqual([`peer:backend/${A} healthy > ejected`, `peer:backend/${A} ejected > returned`]);
  });

  it("say nothing of a peer that is ejected and still asked, as all are in a panic", () => {
    const rig = healthRig({ passive: { ...ratesOnly, success_rate_stdev: 0, max_ejected: 50, eject_seconds: 60 } });
    for (let interval = 0; interval < 4; interval++) {
      answer(rig, A, 5, 60);
      nextInterval(rig);
    }
    expect(rig.told()).toHaveLength(1);
    expect(rig.workers[0]?.health.of(A)?.ejections).toBe(1);
  });

  it("are swept by one worker alone, whoever believes to be the keeper", () => {
    const rig = healthRig({ passive: { eject_seconds: 1, max_eject_seconds: 3 } }, { workers: 2 });
    for (let times = 0; times < 3; times++) {
      for (let count = 0; count < 5; count++) rig.workers[0]?.tried(A, 500);
      rig.second(5);
    }
    expect(rig.workers[0]?.health.of(A)?.ejections).toBe(3);
    nextInterval(rig);
    rig.node.now += 20;
    for (const { sweep } of rig.workers) sweep();
    expect(rig.usable(A)).toBe(true);
    expect(rig.workers[0]?.health.of(A)?.ejections).toBe(2);
  });

  it("are taken up by the next keeper when one dies at the border", () => {
    const rig = healthRig({ passive: { ...ratesOnly, success_rate_stdev: 0 } });
    answer(rig, A, 5, 60);
    rig.second();
    rig.node.now = (Math.floor(rig.node.now / 10) + 1) * 10;
    rig.spawn().sweep();
    expect(rig.told()).toHaveLength(1);
  });

  it("cost one write a second for a peer that had requests, and none for another", () => {
    const rig = healthRig({ passive: ratesOnly });
    const [worker] = rig.workers;
    worker?.flush();
    answer(rig, A, 50, 0);
    answer(rig, B, 50, 0);
    rig.node.store.operations = 0;
    worker?.flush();
    expect(rig.node.store.operations).toBe(2);
    worker?.flush();
    expect(rig.node.store.operations).toBe(2);
  });

  it("leave nothing behind in shared memory", () => {
    const rig = healthRig({ passive: ratesOnly });
    for (const key of keys) answer(rig, key, 50, 1);
    rig.second(60);
    expect(rig.node.store.keys().filter((key) => key.startsWith("health-answered"))).toEqual([]);
  });

  it("are nobody's business where both are 0", () => {
    const rig = healthRig({ passive: { ...ratesOnly, success_rate_stdev: 0, failure_rate: 0 } });
    answer(rig, A, 0, 500);
    nextInterval(rig);
    expect(rig.usable(A)).toBe(true);
    expect(rig.workers[0]?.peer(A)).toMatchObject({ ok: 0, failed: 0 });
  });
});
