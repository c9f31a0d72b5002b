import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { gate, startBackend, type Backend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { total } from "../harness/metrics-text.ts";
import { pinWorkers, TELL_WORKER } from "../harness/pinned-workers.ts";

async function backendForTest(): Promise<Backend> {
  const backend = await startBackend({
    respond: ({ url }, response) => {
      response.writeHead(Number(/status=(\d+)/u.exec(url)?.[1] ?? 200)).end("ok");
    },
  });
  onTestFinished(() => backend.stop());
  return backend;
}

function configOf(backend: Backend): Record<string, unknown> {
  return {
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
    plugins: { "endpoint-metrics": {} },
    routes: [
      { name: "users", path: "/users", upstream: "one" },
      { name: "orders", path: "/orders", upstream: "one" },
    ],
    nginx: { server: [TELL_WORKER, "location = /free { return 200 free; }"] },
  };
}

async function shows(gateway: Gateway, name: string, expected: number, part = ""): Promise<string> {
  return eventually(`${name} is ${expected}`, async () => {
    const text = await gateway.metrics();
    return total(text, name, part) === expected && text;
  });
}

describeWithEngine("what was sent is what is shown", () => {
  it("by several connections to four workers, with a reload in the middle", async () => {
    const backend = await backendForTest();
    const gateway = await gatewayForTest(configOf(backend));
    const sent = new Map<string, number>();
    let stop = false;
    const client = async (seed: number): Promise<void> => {
      const agent = new Agent({ keepAlive: seed % 2 === 0, maxSockets: 1 });
      for (let i = seed; !stop; i += 1) {
        const route = i % 3 === 0 ? "orders" : "users";
        const method = i % 5 === 0 ? "POST" : "GET";
        const status = i % 7 === 0 ? 500 : i % 11 === 0 ? 404 : 200;
        const url = `${gateway.url}/${route}?status=${status}`;
        // A connection that is kept may close just as a reload ends its worker: then nothing was handled.
        const answer = await send(url, { method, agent }).catch(() => undefined);
        if (answer === undefined) continue;
        const labels = `method="${method}",route="${route}",status="${Math.floor(status / 100)}xx"`;
        sent.set(labels, (sent.get(labels) ?? 0) + 1);
      }
      agent.destroy();
    };
    const clients = [1, 2, 3, 4, 5, 6].map(client);
    await sleep(1200);
    expect((await gateway.reload()).ok).toBe(true);
    await sleep(1200);
    stop = true;
    await Promise.all(clients);
    const all = [...sent.values()].reduce((sum, count) => sum + count, 0);
    expect(all).toBeGreaterThan(200);
    expect(backend.arrived.length).toBe(all);
    const text = await shows(gateway, "gateway_requests_total", all);
    for (const [labels, count] of sent) expect(total(text, "gateway_requests_total", labels), labels).toBe(count);
    expect(total(text, "gateway_request_duration_seconds_count")).toBe(all);
    expect(total(text, "gateway_request_errors_total")).toBe(total(text, "gateway_requests_total", 'status="5xx"'));
  });

  it("bytes and the upstream's durations are exact in small traffic", async () => {
    const backend = await startBackend({
      respond: async (_arrived, response) => {
        await sleep(30);
        response.writeHead(200, { "Content-Length": "1000" }).end("x".repeat(1000));
      },
    });
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(configOf(backend));
    const body = "y".repeat(500);
    for (let i = 0; i < 8; i++) await send(`${gateway.url}/users`, { method: "POST", body });
    const text = await shows(gateway, "gateway_requests_total", 8);
    const [inBytes, outBytes] = ["gateway_request_bytes_total", "gateway_response_bytes_total"].map(
      (name) => total(text, name) / 8,
    );
    // Bodies, and heads of a few lines each.
    expect(inBytes! - 500).toBeGreaterThan(40);
    expect(inBytes! - 500).toBeLessThan(200);
    expect(outBytes! - 1000).toBeGreaterThan(60);
    expect(outBytes! - 1000).toBeLessThan(400);
    expect(Number.isInteger(inBytes)).toBe(true);
    expect(total(text, "gateway_upstream_duration_seconds_count")).toBe(8);
    expect(total(text, "gateway_upstream_duration_seconds_sum") / 8).toBeGreaterThan(0.025);
    expect(total(text, "gateway_request_duration_seconds_bucket", 'le="0.025"')).toBe(0);
  });
});

describeWithEngine("a worker that is killed", () => {
  it("takes no more than its last second along", async () => {
    const backend = await backendForTest();
    const gateway = await gatewayForTest(configOf(backend));
    const workers = await pinWorkers(gateway, "/free");
    const [victim] = workers;
    for (const worker of workers) for (let i = 0; i < 20; i++) await worker.send("/users");
    await shows(gateway, "gateway_requests_total", 80);
    for (let i = 0; i < 7; i++) await victim!.send("/users");
    process.kill(victim!.pid, "SIGKILL");
    await eventually("there are four workers again", async () => {
      const pids = await gateway.workerPids();
      return pids.length === 4 && !pids.includes(victim!.pid);
    });
    for (let i = 0; i < 10; i++) await workers[1]!.send("/users");
    const text = await eventually("the ten after it are shown", async () => {
      const shown = await gateway.metrics();
      return total(shown, "gateway_requests_total") >= 90 && shown;
    });
    const shown = total(text, "gateway_requests_total");
    expect(shown).toBeGreaterThanOrEqual(90);
    expect(shown).toBeLessThanOrEqual(97);
  });
});

describeWithEngine("requests under way", () => {
  it("go up with a held request and down when it ends, also when its client leaves, also over a reload", async () => {
    const backend = await backendForTest();
    const held = gate();
    backend.respond = held.respond;
    const gateway = await gatewayForTest(configOf(backend));
    const leaving = new AbortController();
    const gone = send(`${gateway.url}/users`, { signal: leaving.signal }).catch(() => undefined);
    const stays = send(`${gateway.url}/users`);
    await shows(gateway, "gateway_requests_in_flight", 2);
    leaving.abort();
    await gone;
    await shows(gateway, "gateway_requests_in_flight", 1);
    // The old worker stays for its request: `reload` would wait for it.
    process.kill(gateway.masterPid, "SIGHUP");
    await sleep(6500);
    expect(total(await gateway.metrics(), "gateway_requests_in_flight", 'route="users"')).toBe(1);
    held.open();
    expect((await stays).status).toBe(200);
    await shows(gateway, "gateway_requests_in_flight", 0);
    await shows(gateway, "gateway_requests_total", 2);
  }, 60_000);
});
