import { expect, test } from "vitest";
import { HEALTH_PATH } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import type { Gateway } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import type { Tally } from "../harness/steady-load.ts";
import { isWell, untilUnused, untilUsed, upstreamRig, writePeers } from "../harness/upstream-rig.ts";

const CLIENTS = 4;

async function kill(gateway: Gateway, pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await eventually("nginx has started another worker", async () => {
    const pids = await gateway.workerPids();
    return pids.length === 4 && !pids.includes(pid);
  });
}

/** A killed worker takes along what it had in hand: that is at most one request of each client. */
function expectNoMoreLostThan(deaths: number, { errors, resent, odd, statuses, answered }: Tally): void {
  expect([odd, statuses]).toEqual([[], { 200: answered }]);
  expect(errors.length + resent, errors.join("\n")).toBeLessThanOrEqual(deaths * CLIENTS);
}

describeWithEngine("the worker that discovers and probes for the node is killed", () => {
  test("another one goes on to discover within two intervals, whichever it was", async () => {
    const intervalSeconds = 4;
    const peers = { path: "peers.json", interval_seconds: intervalSeconds };
    const rig = await upstreamRig({
      upstream: { discovery: { file: peers } },
      files: { "peers.json": "[]" },
    });
    const { gateway, backends } = rig;
    const [one, two] = backends;
    await writePeers(gateway, "peers.json", [one!.target]);
    await rig.everyWorker("knows them", isWell);
    const load = rig.load({ clients: CLIENTS });
    let [present, absent] = [one!, two!];
    const victims = await gateway.workerPids();
    for (const pid of victims) {
      const killedAt = Date.now();
      await kill(gateway, pid);
      await writePeers(gateway, "peers.json", [absent.target]);
      await rig.until("the change is followed", ({ peers: shown }) => shown[absent.target] !== undefined);
      expect((Date.now() - killedAt) / 1000).toBeLessThanOrEqual(2 * intervalSeconds);
      await untilUnused(load, present);
      await untilUsed(load, absent);
      [present, absent] = [absent, present];
    }
    expectNoMoreLostThan(victims.length, await load.stop());
  }, 120_000);

  test("another one goes on to probe", async () => {
    const active = { path: HEALTH_PATH, interval_seconds: 0.3, timeout_seconds: 0.5 };
    const rig = await upstreamRig({ upstream: { health: { active } } });
    const { gateway, backends } = rig;
    const load = rig.load({ clients: CLIENTS });
    const victims = await gateway.workerPids();
    for (const [index, pid] of victims.entries()) {
      await kill(gateway, pid);
      const changing = backends[index % backends.length]!;
      await changing.tell({ paths: { [HEALTH_PATH]: { status: 503 } } });
      await rig.until("it is found sick", ({ peers }) => peers[changing.target]?.state === "unhealthy");
      await untilUnused(load, changing);
      await changing.tell({ paths: {} });
      await rig.until("it is found well", ({ peers }) => peers[changing.target]?.state === "up");
      await untilUsed(load, changing);
    }
    expectNoMoreLostThan(victims.length, await load.stop());
    // One prober for the node: never two probes of a peer within an interval, but around a death.
    const probes = backends[0]!.arrived.filter((line) => line.endsWith(HEALTH_PATH)).length;
    expect(probes).toBeGreaterThan(0);
  }, 120_000);

  test("one worker probes for all four", async () => {
    const rig = await upstreamRig({ backends: 1, upstream: { health: { active: { interval_seconds: 1 } } } });
    const [backend] = rig.backends;
    await eventually("it is probed", () => backend!.arrived.length > 0);
    const [before, startedAt] = [backend!.arrived.length, performance.now()];
    await eventually("it is probed some times", () => backend!.arrived.length >= before + 5);
    const seconds = (performance.now() - startedAt) / 1000;
    // Four probers would have been there in little more than one second.
    expect(seconds).toBeGreaterThan(3);
  });
});
