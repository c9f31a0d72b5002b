import { expect, onTestFinished, test } from "vitest";
import { gate, startBackend } from "../harness/backend.ts";
import { concurrencyTable } from "../../cli/screen/control-table.ts";
import { readStatus } from "../../cli/admin-client/read-status.ts";
import { CRITICAL, guardedGateway } from "../harness/concurrency-gateway.ts";
import { decisionsIn, metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { startLoad } from "../harness/steady-load.ts";

const sample = (priority: string, result: string): string =>
  `gateway_concurrency_requests_total{concurrency="route:users",priority="${priority}",result="${result}"}`;

describeWithEngine("adaptive-concurrency: what is told", () => {
  test("metrics, the admin server and the terminal show it; shedding is an event when it begins and when it ends", async () => {
    const { gateway, backend, inFlight } = await guardedGateway(5);
    const held = gate();
    backend.respond = held.respond;
    const going = sendMany(5, gateway.url, CRITICAL);
    await eventually("all places are taken", async () => (await inFlight()) === 5);
    expect(statuses(await sendMany(7, gateway.url))).toEqual({ 503: 7 });
    const metrics = await eventually("they are counted", async () => {
      const text = await gateway.metrics();
      return metric(text, sample("normal", "shed")) === 7 && text;
    });
    expect(metric(metrics, sample("critical", "admitted"))).toBe(5);
    expect(metric(metrics, sample("batch", "queued"))).toBe(0);
    expect(metric(metrics, 'gateway_concurrency_limit{concurrency="route:users"}')).toBe(5);
    expect(metric(metrics, 'gateway_concurrency_in_flight{concurrency="route:users"}')).toBe(5);
    const status = await gateway.status();
    expect(status["concurrency"]).toMatchObject({
      "route:users": {
        limit: 5,
        in_flight: 5,
        algorithm: "gradient2",
        min: 5,
        max: 5,
        shed: 7,
        shedding: true,
        shadow: false,
      },
    });
    const shown = concurrencyTable(readStatus(status, "").concurrency, 80)
      .map((line) => line.map(({ text }) => text).join(""))
      .join("\n");
    expect(shown).toMatch(/route:users +5 +5/);
    held.open();
    expect(statuses(await going)).toEqual({ 200: 5 });

    const told = await eventually(
      "it told that it sheds no more",
      async () => {
        const found = decisionsIn(await gateway.errorLog());
        return found.length === 2 && found;
      },
      15,
    );
    expect(told.map(({ subject, from, to }) => [subject, from, to])).toEqual([
      ["route:users", "admitting", "shedding"],
      ["route:users", "shedding", "admitting"],
    ]);
  });

  test("the limit follows the upstream's latency in all workers, and a large change is an event", async () => {
    const backend = await startBackend();
    onTestFinished(() => backend.stop());
    let seconds = 0.02;
    backend.respond = (_arrived, response) => void setTimeout(() => response.end(), seconds * 1000);
    const plugins = { "adaptive-concurrency": { interval_seconds: 0.2 } };
    const routes = ["a", "b"].map((name) => {
      const shared = { "adaptive-concurrency": { ...plugins["adaptive-concurrency"], scope: "upstream" } };
      return { name, path: `/${name}`, upstream: "one", plugins: shared };
    });
    const gateway = await gatewayForTest({ upstreams: { one: { targets: [backend.target] } }, routes });
    const limit = async (): Promise<number> => {
      const { concurrency } = (await gateway.status()) as { concurrency: Record<string, { limit: number }> };
      expect(Object.keys(concurrency)).toEqual(["upstream:one"]);
      return concurrency["upstream:one"]?.limit ?? NaN;
    };
    const load = startLoad({
      url: gateway.url,
      clients: 14,
      path: (n) => (n % 2 === 0 ? "/a" : "/b"),
      pauseSeconds: 0,
    });
    await eventually("it has risen", async () => (await limit()) > 20);
    seconds = 0.2;
    await eventually("it has fallen", async () => (await limit()) < 16);
    await eventually("it was told", async () => {
      return decisionsIn(await gateway.errorLog()).some(({ reason }) => reason === "latency rose");
    });
    await load.stop();
  });

  test("in shadow mode nobody is shed and nobody waits; the places are counted as they are", async () => {
    const { gateway, backend, inFlight } = await guardedGateway(3, { mode: "shadow", queue: { depth: 9 } });
    const held = gate();
    backend.respond = held.respond;
    const going = sendMany(8, gateway.url, CRITICAL);
    await eventually("all go on", () => backend.arrived.length === 8);
    expect(await inFlight()).toBe(8);
    held.open();
    expect(statuses(await going)).toEqual({ 200: 8 });
    await eventually(
      "five are counted",
      async () => metric(await gateway.metrics(), sample("critical", "would_shed")) === 5,
    );
    expect(await inFlight()).toBe(0);
  });

  test("a body and a status of one's own", async () => {
    const { gateway, backend } = await guardedGateway(1, { reject: { status: 529, body: "later" } });
    const held = gate();
    backend.respond = held.respond;
    const going = send(gateway.url);
    await eventually("the place is taken", () => backend.arrived.length === 1);
    const { status, body, headers } = await send(gateway.url);
    expect([status, body, headers["retry-after"], headers["content-type"]]).toEqual([
      529,
      "later",
      undefined,
      "text/plain; charset=utf-8",
    ]);
    held.open();
    await going;
  });
});
