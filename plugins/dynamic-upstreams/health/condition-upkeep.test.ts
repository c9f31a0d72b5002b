import { describe, expect, it } from "vitest";
import { healthRig, peerKeys, type HealthRig } from "../../../test/harness/health-rig.ts";

const keys = peerKeys(10);
const [A = ""] = keys;

function eject(rig: HealthRig): void {
  const before = rig.told().length;
  for (let count = 0; count < 5; count++) rig.workers[0]?.tried(A, 500);
  if (rig.told().length !== before + 1) throw new Error("was not ejected");
}

const ejections = (rig: HealthRig): number => rig.workers[0]?.health.of(A)?.ejections ?? 0;

describe("a peer whose time is up", () => {
  it("is let back by every worker by itself, even when nobody sweeps", () => {
    const rig = healthRig({ passive: {} }, { workers: 3 });
    eject(rig);
    for (const worker of rig.workers) worker.catchUp();
    rig.node.now += 33.1;
    expect(rig.workers.map(({ health }) => health.allows(A, rig.node.now))).toEqual([true, true, true]);
    expect(rig.workers.map(({ catchUp }) => catchUp())).toEqual([true, true, true]);
    expect(rig.workers.map(({ catchUp }) => catchUp())).toEqual([false, false, false]);
  });

  it("is told of once", () => {
    const rig = healthRig({ passive: {} }, { workers: 3 });
    eject(rig);
    rig.second(60);
    expect(rig.told()).toEqual([`peer:backend/${A} healthy > ejected`, `peer:backend/${A} ejected > returned`]);
    expect(rig.node.events[1]).toMatchObject({ reason: "its time is up", inputs: { ejections: 1 } });
  });

  it("begins a new row", () => {
    const rig = healthRig({ passive: {} });
    eject(rig);
    rig.workers[0]?.tried(A, 500, 500, 500, 500);
    rig.second(35);
    rig.workers[0]?.tried(A, 500, 500, 500, 500);
    expect(rig.usable(A)).toBe(true);
  });

  it("is ejected for longer each time, up to the longest", () => {
    const rig = healthRig({ passive: { eject_seconds: 10, max_eject_seconds: 25 } });
    const seconds: number[] = [];
    for (let count = 0; count < 5; count++) {
      eject(rig);
      const from = rig.node.now;
      while (!rig.usable(A)) rig.second();
      seconds.push(rig.node.now - from);
    }
    const bounds = [10, 20, 25, 25, 25];
    seconds.forEach((time, index) => {
      expect(time).toBeGreaterThanOrEqual(bounds[index] ?? 0);
      expect(time).toBeLessThanOrEqual((bounds[index] ?? 0) * 1.1 + 1);
    });
  });

  it("gets back to the shortest time while it does well, and is forgotten then", () => {
    const rig = healthRig({ passive: { eject_seconds: 10, max_eject_seconds: 25 } });
    for (let count = 0; count < 3; count++) {
      eject(rig);
      while (!rig.usable(A)) rig.second();
    }
    expect(ejections(rig)).toBe(3);
    rig.second(8);
    expect(ejections(rig)).toBe(3);
    rig.second(8);
    expect(ejections(rig)).toBe(2);
    rig.second(24);
    expect(ejections(rig)).toBe(0);
    expect(rig.workers[0]?.health.of(A)).toBeUndefined();
    expect(rig.node.store.get("health:backend")).toBe("[]");
  });

  it("is let back when the clock is set back by more than it was ejected for", () => {
    const rig = healthRig({ passive: {} });
    eject(rig);
    rig.node.now -= 86_400;
    expect(rig.usable(A)).toBe(true);
    rig.second(2);
    expect(rig.told()[1]).toBe(`peer:backend/${A} ejected > returned`);
    rig.second(30);
    expect(ejections(rig)).toBe(0);
  });
});

describe("a peer that leaves the set", () => {
  it("is forgotten after a minute", () => {
    const rig = healthRig({ passive: { eject_seconds: 300 } });
    eject(rig);
    rig.workers[0]?.replace(keys.slice(1));
    rig.second(55);
    expect(rig.workers[0]?.health.of(A)).toBeDefined();
    rig.second(10);
    expect(rig.workers[0]?.health.of(A)).toBeUndefined();
  });

  it("goes on where it was when it is back sooner", () => {
    const rig = healthRig({ passive: { eject_seconds: 300 } });
    eject(rig);
    rig.workers[0]?.replace(keys.slice(1));
    rig.second(50);
    rig.workers[0]?.replace(keys);
    rig.second(50);
    expect(rig.usable(A)).toBe(false);
  });

  it("does not count among those that are ejected", () => {
    const [, B = ""] = keys;
    const rig = healthRig({ passive: {} });
    eject(rig);
    rig.workers[0]?.replace(keys.slice(1));
    rig.second();
    for (let count = 0; count < 5; count++) rig.workers[0]?.tried(B, 500);
    expect(rig.usable(B)).toBe(false);
  });
});
