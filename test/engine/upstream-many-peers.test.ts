import { expect, test } from "vitest";
import { backendProcess } from "../harness/backend-process.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { quantile } from "../harness/steady-load.ts";
import { isWell, upstreamRig, writePeers } from "../harness/upstream-rig.ts";

const MANY = 10_000;

/** All of 127.0.0.0/8 is this machine. */
const address = (n: number): string => `127.1.${String(n >> 8)}.${String(n & 255)}`;

describeWithEngine("10,000 peers", () => {
  test.each(["round-robin", "least-request", "peak-ewma", "consistent-hash"])(
    "%s: all are known, changes are followed under load, and no request is lost",
    async (policy) => {
      const everywhere = await backendProcess("0.0.0.0");
      const targets = Array.from({ length: MANY }, (_, n) => `${address(n)}:${String(everywhere.port)}`);
      const balance = { policy, ...(policy === "consistent-hash" ? { hash_on: ["path"] } : {}) };
      const rig = await upstreamRig({
        backends: [everywhere],
        upstream: {
          balance,
          discovery: { file: { path: "peers.json", interval_seconds: 0.5 } },
          health: { passive: {} },
          keepalive: { connections: 0 },
        },
        files: { "peers.json": JSON.stringify(targets) },
      });
      await rig.everyWorker("knows them", isWell);
      expect(await rig.shown()).toMatchObject({ peers_total: MANY, peers_available: MANY });
      const load = rig.load({ path: (n) => `/${String(n)}` });
      await load.more(300);
      await writePeers(rig.gateway, "peers.json", targets.slice(1));
      await rig.until("one is gone", ({ peers_total: total }) => total === MANY - 1);
      await load.more(300);
      // Whom people take out is out among so many too.
      const out = targets[4711] ?? "";
      const answer = await rig.gateway.put(`/upstreams/one/peers/${out}`, { state: "down", ttl_seconds: 600 });
      expect(answer.status).toBe(200);
      await rig.until("it is out", ({ peers_available: available }) => available === MANY - 2);
      await writePeers(rig.gateway, "peers.json", targets.slice(0, 10));
      await rig.until("few are left", ({ peers_total: total }) => total === 10);
      await load.more(300);
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
      const slowest = quantile(load.all.seconds, 1);
      console.info(`${policy}: the slowest of ${String(load.all.answered)} took ${slowest.toFixed(3)} s`);
    },
  );
});
