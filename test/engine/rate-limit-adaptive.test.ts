import { expect, test } from "vitest";
import { adaptiveGateway, PLENTY } from "../harness/adaptive-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const QUICK = { interval_seconds: 0.5, hold_seconds: 1, decrease: 0.5, increase: 0.3, floor: 0.2 };

describeWithEngine("the share of its limits that a route gives", () => {
  test("falls while the backend is slow, gold last, and comes back", async () => {
    const api = await adaptiveGateway({
      adapt: { ...QUICK, latency_seconds: 0.1 },
      tiers: {
        by: "header:X-Plan",
        default: "free",
        limits: { free: PLENTY, gold: PLENTY, platinum: PLENTY },
        floors: { gold: 0.6, platinum: 1 },
      },
    });
    api.load();
    expect(await api.shareFor("free")).toBe(1);
    api.slow(0.3);
    await api.until("it is cut", ({ factor }) => factor < 1);
    await api.until("it is at its floor", ({ factor, reason }) => factor === 0.2 && reason === "the upstream is slow");
    await eventually("free is at its floor", async () => (await api.shareFor("free")) === 0.2);
    expect(await api.shareFor("gold")).toBe(0.6);
    expect(await api.shareFor("platinum")).toBe(1);
    expect(await api.gateway.metrics()).toContain('gateway_rate_limit_share_ratio{route="api"} 0.2\n');
    api.slow(0);
    await api.until("it is whole again", ({ factor, reason }) => factor === 1 && reason === "");
    await eventually("free has all", async () => (await api.shareFor("free")) === 1);
    const told = await api.decisions();
    expect(told.map(({ subject, from, to }) => [subject, from, to])).toEqual([
      ["limit:api", "1.00", "0.50"],
      ["limit:api", "0.25", "0.20"],
      ["limit:api", "0.20", "1.00"],
    ]);
    expect(told[0]).toMatchObject({ reason: "the upstream is slow" });
    expect(Number(told[0]?.inputs["latency_seconds"])).toBeGreaterThan(0.1);
  });

  test("falls while the backend fails, and the loop goes on when the worker dies that runs it", async () => {
    const api = await adaptiveGateway({ adapt: { ...QUICK, error_rate: 10 } });
    api.backend.respond = (_arrived, response) => void response.writeHead(500).end();
    const load = api.load();
    await api.until("it is at its floor", ({ factor, reason }) => factor === 0.2 && reason === "the upstream fails");
    // Whichever it is: both are killed, one after the other.
    for (const pid of await api.gateway.workerPids()) {
      process.kill(pid, "SIGKILL");
      await eventually("nginx has started another worker", async () => {
        const pids = await api.gateway.workerPids();
        return pids.length === 2 && !pids.includes(pid);
      });
    }
    // The new workers know where the loop was.
    expect((await api.shown()).adaptive_factor).toBe(0.2);
    api.backend.respond = (_arrived, response) => void response.writeHead(200).end();
    await load.more(1);
    await api.until("it is whole again", ({ factor }) => factor === 1);
  });
});
