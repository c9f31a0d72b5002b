import { expect, test } from "vitest";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const routes = [{ name: "all", path: "/", upstream: "one" }];

async function sendInTurn(count: number, url: string, method = "GET") {
  const answers = [];
  for (let index = 0; index < count; index++) answers.push(await send(url, { method }));
  return answers;
}

const stopAll = (backends: readonly Backend[]) => Promise.all(backends.map((backend) => backend.stop()));

describeWithEngine("upstreams", () => {
  test("connections to a peer are used again", async () => {
    const backend = await startBackend();
    const gateway = await gatewayForTest({ upstreams: { one: { targets: [backend.target] } }, routes });
    expect(statuses(await sendInTurn(100, gateway.url))).toEqual({ 200: 100 });
    // One at a time: a worker needs one connection.
    expect(backend.connections()).toBeLessThanOrEqual(4);
    await backend.stop();
  });

  test("keepalive with 0 connections: one for each request", async () => {
    const backend = await startBackend();
    const one = { targets: [backend.target], keepalive: { connections: 0 } };
    const gateway = await gatewayForTest({ upstreams: { one }, routes });
    await sendInTurn(10, gateway.url);
    expect(backend.connections()).toBe(10);
    await backend.stop();
  });

  test("weights: of 6 requests one worker sends 3, 2 and 1, and never 3 in a row", async () => {
    const backends = await Promise.all([startBackend(), startBackend(), startBackend()]);
    const order: number[] = [];
    backends.forEach((backend, index) => {
      backend.respond = (arrived, response) => {
        order.push(index);
        return answering(200)(arrived, response);
      };
    });
    const targets = [3, 2, 1].map((weight, index) => ({ host: "127.0.0.1", port: backends[index]?.port, weight }));
    const gateway = await gatewayForTest({ upstreams: { one: { targets } }, routes }, { workers: 1 });
    await sendInTurn(60, gateway.url);
    expect(backends.map(({ arrived }) => arrived.length)).toEqual([30, 20, 10]);
    expect(order.join("")).not.toMatch(/000/);
    await stopAll(backends);
  });

  test("a peer of a higher priority number is asked only when no other is left", async () => {
    const [first, backup] = [await startBackend(), await startBackend()];
    const targets = [
      { host: "127.0.0.1", port: first.port },
      { host: "127.0.0.1", port: backup.port, priority: 1 },
    ];
    const gateway = await gatewayForTest({ upstreams: { one: { targets } }, routes });
    expect(statuses(await sendInTurn(20, gateway.url))).toEqual({ 200: 20 });
    expect([first.arrived.length, backup.arrived.length]).toEqual([20, 0]);
    await first.stop();
    expect(statuses(await sendInTurn(20, gateway.url))).toEqual({ 200: 20 });
    expect(backup.arrived.length).toBe(20);
    await backup.stop();
  });

  test("a peer that refuses connections costs no request, whatever the method: nothing was sent yet", async () => {
    const alive = await startBackend();
    const targets = [`127.0.0.1:${String(await freePort())}`, alive.target];
    const gateway = await gatewayForTest({ upstreams: { one: { targets } }, routes });
    expect(statuses(await sendInTurn(40, gateway.url))).toEqual({ 200: 40 });
    expect(statuses(await sendInTurn(40, gateway.url, "POST"))).toEqual({ 200: 40 });
    await alive.stop();
  });

  test("a peer that takes a request and hangs up: GET is sent to another, POST is not sent twice", async () => {
    const rude = await startBackend({ respond: (_arrived, response) => void response.destroy() });
    const polite = await startBackend();
    const one = { targets: [rude.target, polite.target] };
    const gateway = await gatewayForTest({ upstreams: { one }, routes }, { workers: 1 });
    expect(statuses(await sendInTurn(10, gateway.url))).toEqual({ 200: 10 });
    // nginx leaves the rude one alone for ten seconds after a failure: the next gateway knows nothing of that.
    const fresh = await gatewayForTest({ upstreams: { one }, routes }, { workers: 1 });
    const before = rude.arrived.length;
    const answers = await sendInTurn(2, fresh.url, "POST");
    expect(statuses(answers)).toEqual({ 200: 1, 502: 1 });
    expect(rude.arrived.length).toBe(before + 1);
    expect(polite.arrived.filter(({ method }) => method === "POST")).toHaveLength(1);
    await stopAll([rude, polite]);
  });

  test("attempts 0: the first answer is the only one; a status in `on` is retried", async () => {
    const [bad, good] = [await startBackend({ respond: answering(503) }), await startBackend()];
    const targets = [bad.target, good.target];
    const once = { targets, retries: { attempts: 0 } };
    const none = await gatewayForTest({ upstreams: { one: once }, routes }, { workers: 1 });
    expect(statuses(await sendInTurn(10, none.url))).toEqual({ 200: 5, 503: 5 });
    const again = { targets, retries: { attempts: 1, on: ["connect", 503] } };
    const some = await gatewayForTest({ upstreams: { one: again }, routes }, { workers: 1 });
    expect(statuses(await sendInTurn(10, some.url))).toEqual({ 200: 10 });
    await stopAll([bad, good]);
  });
});
