import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { isWell, SHORT_EJECTIONS, untilUnused, untilUsed, upstreamRig, writePeers } from "../harness/upstream-rig.ts";

const FILE = { file: { path: "peers.json", interval_seconds: 0.2 } };

describeWithEngine("nginx is reloaded", () => {
  test("while the peer file changes, under load: no request is lost, and the last file is followed", async () => {
    const rig = await upstreamRig({
      backends: 4,
      upstream: { discovery: FILE },
      files: { "peers.json": "[]" },
    });
    const { gateway, backends } = rig;
    const [one, two, three, four] = backends;
    await writePeers(gateway, "peers.json", [one!.target, two!.target]);
    await rig.everyWorker("knows them", isWell);
    const sent = (): number => backends.reduce((sum, backend) => sum + backend.requests(), 0);
    const before = sent();
    const load = rig.load();
    const rounds = [
      [two, three],
      [three, four],
      [four, one],
    ];
    for (const round of rounds) {
      const reloaded = gateway.reload();
      await writePeers(
        gateway,
        "peers.json",
        round.map((backend) => backend!.target),
      );
      expect((await reloaded).ok).toBe(true);
      for (const backend of round) await untilUsed(load, backend!);
    }
    await Promise.all([untilUnused(load, two!), untilUnused(load, three!)]);
    await load.stop();
    expect([load.all.errors, load.all.odd, load.all.statuses]).toEqual([[], [], { 200: load.all.answered }]);
    expect(sent() - before).toBe(load.all.answered);
  });

  test("by HUP alone, again and again", async () => {
    const rig = await upstreamRig({ upstream: { discovery: FILE }, files: { "peers.json": "[]" } });
    const { gateway, backends } = rig;
    await writePeers(
      gateway,
      "peers.json",
      backends.map(({ target }) => target),
    );
    await rig.everyWorker("knows them", isWell);
    const load = rig.load();
    for (let round = 0; round < 4; round++) {
      const before = await gateway.workerPids();
      process.kill(gateway.masterPid, "SIGHUP");
      await eventually("only new workers are left", async () => {
        const now = await gateway.workerPids();
        return now.length === 4 && !now.some((pid) => before.includes(pid));
      });
      await load.more(50);
    }
    for (const backend of backends) await untilUsed(load, backend);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("what is known of peers that stay is kept: over a change of the set, and over a reload", async () => {
    const passive = { consecutive_errors: 3, eject_seconds: 600, max_eject_seconds: 600, max_ejected: 50 };
    const rig = await upstreamRig({
      upstream: { discovery: FILE, health: { passive } },
      files: { "peers.json": "[]" },
    });
    const { gateway, backends } = rig;
    const [sick, well, third] = backends;
    await writePeers(gateway, "peers.json", [sick!.target, well!.target]);
    await rig.everyWorker("knows them", isWell);
    await sick!.kill();
    const load = rig.load();
    // At once, although the set is new: in each worker some more failures may be under way.
    const { inputs } = await rig.decided(`peer:one/${sick!.target}`, "ejected");
    expect(inputs["errors_in_row"] ?? inputs["gateway_errors_in_row"]).toBeLessThan(20);
    await sick!.start();
    await untilUnused(load, sick!);
    await writePeers(gateway, "peers.json", [
      third!.target,
      { host: "127.0.0.1", port: sick!.port, weight: 5 },
      well!.target,
    ]);
    await untilUsed(load, third!);
    expect((await rig.shown()).peers[sick!.target]).toMatchObject({ state: "ejected", ejections: 1, weight: 5 });
    expect((await gateway.reload()).ok).toBe(true);
    expect((await rig.shown()).peers[sick!.target]).toMatchObject({ state: "ejected", ejections: 1 });
    await load.more(100);
    load.window();
    await load.more(200);
    expect(load.window().peers[sick!.target]).toBeUndefined();
    await load.stop();
    expect([load.all.errors, load.all.odd, load.all.statuses]).toEqual([[], [], { 200: load.all.answered }]);
    expect(sick!.requests()).toBeLessThanOrEqual(load.all.answered);
  });

  test("another policy, thresholds and retries are taken over, and nothing is left of an upstream that is gone", async () => {
    const rig = await upstreamRig({ upstream: { health: { passive: SHORT_EJECTIONS } } });
    const { gateway, backends } = rig;
    const load = rig.load();
    const targets = backends.map(({ target }) => target);
    const other = { targets: targets.slice(1), balance: { policy: "least-request" }, retries: { attempts: 1 } };
    const reloaded = await gateway.reload({ upstreams: { one: other } });
    expect(reloaded.ok).toBe(true);
    await rig.until("it is another", ({ policy, peers_total: total }) => policy === "least-request" && total === 2);
    await untilUnused(load, backends[0]!);
    const routes = [{ name: "all", path: "/", upstream: "two" }];
    expect((await gateway.reload({ upstreams: { two: other }, routes })).ok).toBe(true);
    const { upstreams } = (await gateway.status()) as { upstreams: object };
    expect(Object.keys(upstreams)).toEqual(["two"]);
    await load.more(50);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });
});
