import { expect, test } from "vitest";
import { backendProcesses, HEALTH_PATH, type BackendProcess } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import type { Load } from "../harness/steady-load.ts";
import { isWell, upstreamRig, writePeers } from "../harness/upstream-rig.ts";

const SICK = { paths: { [HEALTH_PATH]: { status: 503 } } };
const active = { path: HEALTH_PATH, interval_seconds: 0.2 };

type Fields = Readonly<Record<string, unknown>>;

const withFields = (backends: readonly BackendProcess[], fields: readonly Fields[]): Fields[] =>
  backends.map(({ port }, index) => ({ host: "127.0.0.1", port, ...fields[index] }));

/** The shares of the peers among the answers of a window. */
async function shares(load: Load, backends: readonly BackendProcess[], requests = 300): Promise<number[]> {
  load.window();
  await load.more(requests);
  const { peers, answered } = load.window();
  return backends.map(({ target }) => (peers[target] ?? 0) / answered);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describeWithEngine("zones and priorities", () => {
  test.each([
    ["zones", { zone: "a" }, [{ zone: "a" }, { zone: "a" }, { zone: "b" }, { zone: "b" }]],
    ["priorities", {}, [{ priority: 0 }, { priority: 0 }, { priority: 1 }, { priority: 1 }]],
  ])(
    "%s: the first level has all; what it cannot bear spills over; all of it when nobody is left",
    async (_, more, fields) => {
      const backends = await backendProcesses(4);
      const balance = { ...more, panic_threshold: 0 };
      const rig = await upstreamRig({
        backends,
        upstream: { targets: withFields(backends, fields), balance, health: { active } },
      });
      const [one, two, ...far] = backends;
      const load = rig.load();
      await load.more(200);
      expect(sum(far.map((backend) => backend.requests()))).toBe(0);

      // Half of the level, with a margin of 1.4, bears 70 %.
      await one!.tell(SICK);
      await eventually("30 % spill over", async () => {
        const [first, , ...others] = await shares(load, backends);
        return first === 0 && Math.abs(sum(others) - 0.3) < 0.08;
      });
      await two!.tell(SICK);
      await eventually("all of it spills over", async () => {
        const [first, second] = await shares(load, backends, 100);
        return first === 0 && second === 0;
      });
      await Promise.all([one!.tell({ paths: {} }), two!.tell({ paths: {} })]);
      await eventually("the first level has all again", async () => {
        const [, , ...others] = await shares(load, backends, 100);
        return sum(others) === 0;
      });
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    },
  );

  test("a zone within a priority: near ones first, then far ones, then the next priority", async () => {
    const backends = await backendProcesses(3);
    const fields = [{ zone: "b" }, { zone: "a" }, { zone: "a", priority: 1 }];
    const balance = { zone: "a", panic_threshold: 0 };
    const rig = await upstreamRig({
      backends,
      upstream: { targets: withFields(backends, fields), balance, health: { active } },
    });
    const load = rig.load();
    const only = (index: number) =>
      eventually(`peer ${String(index)} has all`, async () => (await shares(load, backends, 100))[index] === 1);
    await only(1);
    await backends[1]!.tell(SICK);
    await only(0);
    await backends[0]!.tell(SICK);
    await only(2);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });
});

describeWithEngine("slow start", () => {
  const WINDOW_SECONDS = 8;
  const balance = { slow_start_seconds: WINDOW_SECONDS };

  test("the share of a new peer rises to its own; at the start of the gateway all have theirs at once", async () => {
    const backends = await backendProcesses(3);
    const [one, two, late] = backends;
    const discovery = { file: { path: "peers.json", interval_seconds: 0.2 } };
    const targets = [one!.target, two!.target];
    const files = { "peers.json": JSON.stringify(targets) };
    const rig = await upstreamRig({ backends, upstream: { discovery, balance }, files });
    const load = rig.load({ clients: 8, pauseSeconds: 0.005 });
    await rig.everyWorker("knows them", isWell);
    await writePeers(rig.gateway, "peers.json", [...targets, late!.target]);
    await eventually("the new one is asked", () => late!.requests() > 0);
    const cameAt = performance.now();
    const [, , first] = await shares(load, backends, 100);
    const seconds = (performance.now() - cameAt) / 1000;
    // After so long it has this part of its weight, beside two that have theirs.
    const factor = Math.max(0.1, Math.min(1, (seconds + 1.5) / WINDOW_SECONDS));
    expect(first).toBeLessThanOrEqual(factor / (2 + factor) + 0.05);
    await eventually("it has its share", async () => ((await shares(load, backends))[2] ?? 0) > 0.3);
    expect((performance.now() - cameAt) / 1000).toBeGreaterThan(WINDOW_SECONDS / 2);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("a peer that recovers begins slowly too", async () => {
    const rig = await upstreamRig({ upstream: { balance, health: { active } } });
    const [ill] = rig.backends;
    const load = rig.load({ clients: 8, pauseSeconds: 0.005 });
    await eventually(
      "it has its share from the start",
      async () => ((await shares(load, rig.backends, 100))[0] ?? 0) > 0.25,
    );
    await ill!.tell(SICK);
    await eventually("it is out", async () => (await shares(load, rig.backends, 100))[0] === 0);
    const before = ill!.requests();
    await ill!.tell({ paths: {} });
    await eventually("it is asked again", () => ill!.requests() > before);
    const cameAt = performance.now();
    const [first] = await shares(load, rig.backends, 100);
    const seconds = (performance.now() - cameAt) / 1000;
    const factor = Math.max(0.1, Math.min(1, (seconds + 1.5) / WINDOW_SECONDS));
    expect(first).toBeLessThanOrEqual(factor / (2 + factor) + 0.05);
    await eventually("it has its share again", async () => ((await shares(load, rig.backends))[0] ?? 0) > 0.3);
    await load.stop();
  });
});
