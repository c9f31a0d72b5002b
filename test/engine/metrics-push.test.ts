import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { answering, startBackend } from "../harness/backend.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, sendMany } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { statsdListener, total, type StatsdListener } from "../harness/statsd-listener.ts";

async function pushing(statsd: object): Promise<Gateway> {
  const backend = await startBackend({
    respond: (arrived, response) => answering(arrived.url.endsWith("/bad") ? 500 : 200)(arrived, response),
  });
  onTestFinished(() => backend.stop());
  const config = { labels: { tenant: "header:X-Tenant" }, push: { statsd: { interval_seconds: 1, ...statsd } } };
  return gatewayForTest({
    upstreams: { one: { targets: [backend.target] } },
    routes: [{ name: "users.all", path: "/", upstream: "one", plugins: { "endpoint-metrics": config } }],
  });
}

const HOSTILE = ["acme", "a|b#c:d,e", "x y", "é", '"\\'];

async function load(gateway: Gateway, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const tenant of HOSTILE) {
      const headers = { "x-tenant": Buffer.from(tenant).toString("latin1") };
      await sendMany(8, `${gateway.url}/`, { headers });
    }
  }
}

/** Waits until as many requests were told as were sent, and some time more: they must not become more. */
async function settled(listener: StatsdListener, name: string, sent: number): Promise<void> {
  await eventually(`${String(sent)} requests were told`, () => total(listener.metrics(), name) >= sent);
  await sleep(1500);
}

describeWithEngine("pushing to StatsD, from four workers", () => {
  test("DogStatsD: what was sent is what arrives, with tags, and no datagram is too large", async () => {
    const listener = await statsdListener("dogstatsd");
    const gateway = await pushing({ address: listener.address, prefix: "edge", mtu_bytes: 400 });
    await load(gateway, 5);
    for (let i = 0; i < 3; i++) await send(`${gateway.url}/bad`);
    await settled(listener, "edge.requests", 203);

    const metrics = listener.metrics();
    expect(total(metrics, "edge.requests")).toBe(203);
    expect(total(metrics, "edge.request_errors")).toBe(3);
    expect(total(metrics, "edge.request_duration_seconds")).toBe(203);
    expect(total(metrics, "edge.response_bytes")).toBeGreaterThan(203 * 100);
    const tenants = new Set(metrics.map(({ tags }) => tags["tenant"]));
    expect(tenants).toEqual(new Set(["acme", "a_b_c_d_e", "x_y", "é", '"\\', undefined]));
    const [first] = metrics.filter(({ tags }) => tags["tenant"] === "acme");
    expect(first?.tags).toMatchObject({ route: "users.all", method: "GET", status: "2xx", upstream: "one" });
    expect(Math.max(...listener.datagrams.map((datagram) => Buffer.byteLength(datagram)))).toBeLessThanOrEqual(400);
    expect(listener.datagrams.some((datagram) => datagram.includes("\n"))).toBe(true);

    const before = listener.datagrams.length;
    await sleep(2500);
    expect(listener.datagrams.length).toBe(before);
  });

  test("StatsD: the labels' values are in the name; nothing is lost in a reload", async () => {
    const listener = await statsdListener("statsd");
    const gateway = await pushing({ address: listener.address, flavor: "statsd" });
    await load(gateway, 2);
    await gateway.reload();
    await load(gateway, 2);
    const name = (tenant: string): string => `gateway.users_all.GET.2xx.one.${tenant}.requests`;
    await settled(listener, name("acme"), 32);
    const metrics = listener.metrics();
    for (const tenant of ["acme", "a_b_c_d_e", "x_y", "__"]) {
      expect(total(metrics, name(tenant))).toBe(tenant === "__" ? 64 : 32);
    }
  });

  test("a receiver that is away is no trouble, and is counted", async () => {
    const gateway = await pushing({ address: `nobody.invalid:${String(await freePort())}` });
    await load(gateway, 1);
    await eventually("failures are counted", async () => {
      return (metric(await gateway.metrics(), "gateway_metrics_push_failed_total") ?? 0) > 0;
    });
    expect((await send(`${gateway.url}/`)).status).toBe(200);
    expect(await gateway.errorLog()).not.toMatch(/failed and will run again|attempt to/);
  });
});
