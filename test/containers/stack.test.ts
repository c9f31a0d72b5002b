/** docker-compose.yml as it is: all services, load, and what Prometheus says of it. */
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { dashboardMarks, dashboardQueries, dashboardVariables } from "../harness/dashboard.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import { prometheusAt, type Prometheus } from "../harness/prometheus.ts";
import { Stack, stackParts } from "../harness/stack.ts";
import { startLoad } from "../harness/steady-load.ts";
import type { ShownUpstream } from "../harness/upstream-rig.ts";

/** The load of the test: enough for five scrapes, with errors enough for an alert and too few for a breaker. */
const LOAD = { LOAD_RPS: "50", LOAD_SECONDS: "20", LOAD_ERROR_RATE: "0.1" };
const SENT = 1000;
const FAILED = 100;

/** Alerts wait for up to 15 seconds after the minute's rate has risen. */
const ALERT_SECONDS = 45;
const DASHBOARD = join(root, "nginx/stack/grafana/dashboards/gateway.json");

const parts = await stackParts();
const reason = "reason" in parts ? parts.reason : undefined;
const noGrafana = "reason" in parts ? parts.reason : parts.images.noGrafana;

describe.skipIf(reason !== undefined)(`the local stack${reason === undefined ? "" : ` (${reason})`}`, () => {
  let stack: Stack;
  let prometheus: Prometheus;

  beforeAll(async () => {
    if ("reason" in parts) return;
    stack = await Stack.prepare(parts, LOAD);
    prometheus = prometheusAt(stack.url("PROMETHEUS"));
    const services = ["gateway", "backend-1", "backend-2", "consul", "redis", "prometheus"];
    await stack.up(...services, ...(noGrafana === undefined ? ["grafana"] : []));
  }, 240_000);
  afterAll(() => (stack as Stack | undefined)?.down());

  const turn = (knobs: object): Promise<unknown> =>
    Promise.all(
      (["BACKEND_1", "BACKEND_2"] as const).map((port) =>
        send(`${stack.url(port)}/__knobs`, { method: "POST", body: JSON.stringify(knobs) }),
      ),
    );

  const firing = (name: string): Promise<unknown> =>
    eventually(
      `${name} fires`,
      async () => (await prometheus.alerts()).find((alert) => alert.name === name && alert.state === "firing"),
      ALERT_SECONDS,
    );

  test("Prometheus takes its configuration and rules, and each rule does what its tests say", async () => {
    const promtool = (...words: string[]) => stack.compose("exec", "-T", "prometheus", "promtool", ...words);
    expect(await promtool("check", "config", "/etc/prometheus/prometheus.yml")).toContain("SUCCESS");
    const tests = ["alerts", "recording"].map((name) => `/etc/prometheus/tests/${name}.test.yml`);
    expect(await promtool("test", "rules", ...tests)).not.toContain("FAILED");
  });

  test("Consul and Redis answer", async () => {
    expect((await send(`${stack.url("CONSUL")}/v1/status/leader`)).body).toMatch(/^"\S+:8300"/);
    const redis = connect(stack.port("REDIS"), "127.0.0.1");
    redis.end("PING\r\n");
    expect(String((await once(redis, "data"))[0])).toBe("+PONG\r\n");
  });

  test("Prometheus counts what the load generator sends", async () => {
    const printed = await stack.compose("--profile", "load", "run", "--rm", "--no-deps", "-T", "load");
    expect(JSON.parse(printed.trim().split("\n").at(-1) ?? "")).toEqual({
      sent: SENT,
      skipped: 0,
      statuses: { 200: SENT - FAILED, 500: FAILED },
    });
    expect(await prometheus.number('up{job="gateway"}')).toBe(1);
    await eventually("every request is counted", async () => {
      return (await prometheus.number("sum(gateway_requests_total)")) === SENT;
    });
    expect(await prometheus.number("sum(gateway_request_errors_total)")).toBe(FAILED);
    expect(await prometheus.number("sum(gateway_request_duration_seconds_count)")).toBe(SENT);
    const byRoute = (count: number) => ({ users: 0.6 * count, orders: 0.3 * count, chat: 0.1 * count });
    for (const [metric, count] of [
      ["gateway_requests_total", SENT],
      ["gateway_request_errors_total", FAILED],
    ] as const) {
      const routes = await prometheus.query(`sum by (route) (${metric})`);
      expect(Object.fromEntries(routes.map((one) => [one.metric["route"], one.value]))).toEqual(byRoute(count));
    }
  });

  test("tokens of plain answers and of streams are counted", async () => {
    // Of the chats nine in ten are answered: nine words asked, sixteen answered.
    const chats = 0.1 * (SENT - FAILED);
    const tokens = await prometheus.query("sum by (type) (gateway_ai_tokens_total)");
    expect(Object.fromEntries(tokens.map(({ metric, value }) => [metric["type"], value]))).toEqual({
      prompt: 9 * chats,
      completion: 16 * chats,
    });
  });

  test("promtool finds nothing to mend in the metrics of a gateway under load", async () => {
    const check = [
      "wget -qO /tmp/metrics http://gateway:9180/metrics",
      "promtool check metrics < /tmp/metrics",
      "grep -c ^gateway_requests_total /tmp/metrics",
    ].join(" && ");
    expect(await stack.compose("exec", "-T", "prometheus", "sh", "-c", check)).toMatch(/^[1-9]\d*\n$/);
  });

  test("Prometheus keeps traces of requests as examples", async () => {
    expect(await prometheus.traces("gateway_request_duration_seconds")).toContainEqual(
      expect.stringMatching(/^[0-9a-f]{32}$/),
    );
  });

  test("an alert fires for the errors", () => firing("GatewayErrorRatioHigh"));

  test("backends that fail trip the breaker, and Prometheus tells", async () => {
    await turn({ status: 500 });
    await eventually("the breaker opens", async () => (await send(`${stack.url("GATEWAY")}/orders`)).status === 503);
    await firing("GatewayBreakerOpen");
    await turn({});
  });

  test("every query of the dashboard gives data", async () => {
    const text = await readFile(DASHBOARD, "utf8");
    const silent: string[] = [];
    for (const { panel, legend, expression } of dashboardQueries(text)) {
      const series = await prometheus.query(expression);
      if (series.length === 0 || series.some(({ value }) => Number.isNaN(value)))
        silent.push(`${panel}, ${legend}: ${expression}: ${series.length === 0 ? "nothing" : "not a number"}`);
    }
    expect(silent).toEqual([]);
    for (const { metric, label } of dashboardVariables(text)) {
      expect(await prometheus.labelValues(metric, label), label).not.toEqual([]);
    }
    for (const mark of dashboardMarks(text)) expect(await prometheus.query(mark)).not.toEqual([]);
  });

  /** What `GET /status` shows of the upstream whose peers Consul knows. */
  const users = async (): Promise<ShownUpstream> => {
    const { body } = await send(`${stack.url("ADMIN")}/status`);
    return (JSON.parse(body) as { upstreams: { users: ShownUpstream } }).upstreams.users;
  };

  /** Waits until the peers have these states, in the order of their addresses. */
  const untilPeers = (...states: string[]): Promise<unknown> =>
    eventually(`the peers are ${states.join(", ")}`, async () => {
      const { peers } = await users();
      const now = Object.keys(peers)
        .sort()
        .map((key) => peers[key]?.state);
      return now.join() === states.join();
    });

  test("a backend that leaves Consul or comes to it is followed, and no request notices", async () => {
    await untilPeers("up", "up");
    expect(Object.values((await users()).sources ?? {})).toMatchObject([{ state: "ok", peers: 2 }]);
    const load = startLoad({ url: `${stack.url("GATEWAY")}/users`, clients: 4 });
    await stack.compose("stop", "backend-2");
    await untilPeers("up");
    await load.more(100);
    await stack.compose("start", "backend-2");
    await untilPeers("up", "up");
    await load.more(100);
    const { statuses, errors, odd } = await load.stop();
    expect([Object.keys(statuses), errors, odd]).toEqual([["200"], [], []]);
    const { body } = await send(`${stack.url("ADMIN")}/decisions`);
    const { decisions } = JSON.parse(body) as { decisions: { plugin: string; subject: string; reason: string }[] };
    const ofUsers = decisions.filter(
      ({ plugin, subject }) => `${plugin} ${subject}` === "dynamic-upstreams upstream:users",
    );
    const told = ofUsers.map(({ reason }) => reason);
    expect(told.slice(0, 2)).toEqual([
      expect.stringMatching(/^consul demo at consul:8500: 1 came \(\S+\.12:9000\)$/),
      expect.stringMatching(/^consul demo at consul:8500: 1 went \(\S+\.12:9000\)$/),
    ]);
  });

  test("a backend that is killed costs no request its answer, and is taken out", async () => {
    await untilPeers("up", "up");
    const load = startLoad({ url: `${stack.url("GATEWAY")}/users`, clients: 8 });
    await load.more(100);
    await stack.compose("kill", "backend-1");
    await eventually("it takes no requests", async () => {
      const { peers } = await users();
      const first = Object.keys(peers).find((key) => key.includes(".11:"));
      return first === undefined || peers[first]?.takes_requests === false;
    });
    await load.more(200);
    await stack.compose("start", "backend-1");
    await untilPeers("up", "up");
    await load.more(100);
    const { statuses, errors, odd } = await load.stop();
    expect([Object.keys(statuses), errors, odd]).toEqual([["200"], [], []]);
  });

  test.skipIf(noGrafana !== undefined)(
    `Grafana has the dashboard and reaches Prometheus${noGrafana === undefined ? "" : ` (${noGrafana})`}`,
    async () => {
      const get = async (path: string): Promise<unknown> =>
        JSON.parse((await send(`${stack.url("GRAFANA")}${path}`)).body);
      expect(await get("/api/dashboards/uid/autoscale-lua-gateway")).toMatchObject({
        dashboard: { title: "Autoscale Lua gateway" },
      });
      expect(await get("/api/datasources/uid/prometheus/resources/api/v1/query?query=up")).toMatchObject({
        status: "success",
      });
    },
  );

  test("a gateway that is gone is noticed", async () => {
    await stack.compose("stop", "--timeout", "3", "gateway");
    await eventually("Prometheus misses it", async () => (await prometheus.number('up{job="gateway"}')) === 0);
    await eventually("an alert waits", async () => {
      return (await prometheus.alerts()).some(({ name, state }) => name === "GatewayDown" && state === "pending");
    });
  });
});
