import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { answering, gate, startBackend } from "../harness/backend.ts";
import { breakerGateway, GUARDED, statusesInTurn, TOUCHY } from "../harness/breaker-gateway.ts";
import { decisionsIn, metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { send, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { isStopped } from "../harness/processes.ts";

describeWithEngine("circuit breaker: tripping, over four workers", () => {
  test("parallel failures in all workers trip it exactly once, and then every worker rejects", async () => {
    const { backend, breaker, gateway, changes, pin, until } = await breakerGateway({ ...TOUCHY, minimum_calls: 20 });
    const held = gate(answering(500));
    backend.respond = held.respond;
    const workers = await pin(10);
    const sent = workers.flatMap((one) => Array.from({ length: 10 }, () => one.send("/")));
    await eventually("all are under way", () => backend.arrived.length === 40);
    // The answers are there before any worker may look at them: then all workers see enough failures at once.
    for (const { pid } of workers) process.kill(pid, "SIGSTOP");
    await eventually("the workers are stopped", () => workers.every(({ pid }) => isStopped(pid)));
    held.open();
    await sleep(200);
    for (const { pid } of workers) process.kill(pid, "SIGCONT");
    expect(statuses(await Promise.all(sent))).toEqual({ 500: 40 });

    await until("open");
    for (const worker of workers) expect((await worker.send("/")).status).toBe(503);
    expect(backend.arrived).toHaveLength(40);
    expect(await changes()).toEqual(["closed>open"]);
    expect(await breaker()).toMatchObject({ state: "open", generation: 1, attempt: 1, reason: "too many failures" });
    const [decision] = decisionsIn(await gateway.errorLog());
    expect(decision).toMatchObject({ event: "decision", plugin: "circuit-breaker", subject: GUARDED });
    expect(decision?.inputs["failures"]).toBe(decision?.inputs["calls"]);
    expect(decision?.inputs["calls"]).toBeGreaterThanOrEqual(20);

    const metrics = await gateway.metrics();
    expect(metric(metrics, `gateway_breaker_state{breaker="${GUARDED}"}`)).toBe(2);
    expect(metric(metrics, `gateway_breaker_transitions_total{breaker="${GUARDED}",to="open"}`)).toBe(1);
    expect(metric(metrics, `gateway_breaker_rejected_total{breaker="${GUARDED}"}`)).toBe(4);
  });

  test("calls that each worker counts on its own add up: none of them sees enough alone", async () => {
    const { backend, changes, pin, until } = await breakerGateway({ ...TOUCHY, minimum_calls: 8 });
    backend.respond = answering(500);
    const workers = await pin();
    for (const round of [1, 2]) {
      for (const worker of workers) expect((await worker.send(`/${String(round)}`)).status).toBe(500);
    }
    // What others counted in an earlier second is known after the next tick; the call after that one trips it.
    await sleep(1100);
    const [first] = workers;
    expect([500, 503]).toContain((await first?.send("/"))?.status);
    await until("open");
    expect(await changes()).toEqual(["closed>open"]);
    for (const worker of workers) expect((await worker.send("/")).status).toBe(503);
  });

  test("fewer than minimum_calls never trip", async () => {
    const { backend, alone, changes, breaker } = await breakerGateway({ ...TOUCHY, minimum_calls: 10 });
    const get = await alone();
    backend.respond = answering(500);
    await statusesInTurn(9, get);
    await eventually("all are counted", async () => (await breaker()).calls === 9);
    expect(await changes()).toEqual([]);
    expect(await statusesInTurn(2, get)).toEqual([500, 503]);
  });

  test("below failure_rate it does not trip, at it it does", async () => {
    const { backend, alone, changes } = await breakerGateway(TOUCHY);
    const get = await alone();
    await statusesInTurn(6, get);
    backend.respond = answering(500);
    expect(await statusesInTurn(5, get)).toEqual([500, 500, 500, 500, 500]);
    expect(await changes()).toEqual([]);
    // Six of twelve.
    expect(await statusesInTurn(2, get)).toEqual([500, 503]);
  });

  test("a time window forgets what is older than its seconds", async () => {
    const { backend, alone, changes, breaker } = await breakerGateway({
      ...TOUCHY,
      window: { type: "time", seconds: 1 },
    });
    const get = await alone();
    backend.respond = answering(500);
    await statusesInTurn(3, get);
    await eventually("they are forgotten", async () => (await breaker()).calls === 0);
    await sleep(1100);
    expect(await statusesInTurn(3, get)).toEqual([500, 500, 500]);
    expect(await changes()).toEqual([]);
  });

  test("a count window forgets what is older than its calls", async () => {
    const window = { type: "count", calls: 10 };
    const { backend, alone, changes } = await breakerGateway({
      ...TOUCHY,
      window,
      minimum_calls: 10,
      failure_rate: 60,
    });
    const get = await alone();
    backend.respond = answering(500);
    await statusesInTurn(5, get);
    backend.respond = answering(200);
    await statusesInTurn(15, get);
    backend.respond = answering(500);
    // Of the last ten: five, then six failures.
    expect(await statusesInTurn(5, get)).toEqual([500, 500, 500, 500, 500]);
    expect(await changes()).toEqual([]);
    expect(await statusesInTurn(2, get)).toEqual([500, 503]);
  });

  test("4xx, and statuses that the configuration does not name, are no failures", async () => {
    const { backend, alone, changes, breaker } = await breakerGateway({ ...TOUCHY, failure_statuses: ["503"] });
    const get = await alone();
    for (const status of [400, 404, 429, 500, 502, 504]) {
      backend.respond = answering(status);
      expect((await get()).status).toBe(status);
    }
    await eventually("all are counted", async () => (await breaker()).calls === 6);
    expect(await changes()).toEqual([]);
  });

  test("a client that leaves says nothing about the upstream", async () => {
    const { backend, gateway, get, changes, breaker } = await breakerGateway(TOUCHY);
    backend.respond = () => undefined;
    for (const number of [1, 2, 3, 4, 5]) {
      const leave = new AbortController();
      const asked = send(gateway.url, { signal: leave.signal }).catch(() => "left");
      await eventually("the request arrived", () => backend.arrived.length >= number);
      leave.abort();
      expect(await asked).toBe("left");
    }
    await eventually("the gateway noticed", async () => {
      return (await gateway.accessLog()).filter((line) => line.includes('"status":499')).length === 5;
    });
    backend.respond = answering(200);
    expect(await statusesInTurn(2, get)).toEqual([200, 200]);
    await eventually("the two are counted", async () => (await breaker()).calls === 2);
    expect(await changes()).toEqual([]);
  });

  test("refused connections and timeouts are failures", async () => {
    const refused = { one: { targets: [`127.0.0.1:${String(await freePort())}`] } };
    const first = await breakerGateway(TOUCHY, { upstreams: refused });
    expect(await statusesInTurn(5, await first.alone())).toEqual([502, 502, 502, 502, 503]);

    const silent = await startBackend({ respond: () => undefined });
    const upstreams = { one: { targets: [silent.target], timeouts: { read: 0.1 }, retries: { attempts: 0 } } };
    const second = await breakerGateway({ ...TOUCHY, failure_statuses: ["503"] }, { upstreams });
    expect(await statusesInTurn(5, await second.alone())).toEqual([504, 504, 504, 504, 503]);
    await silent.stop();
  });

  test("slow calls trip it although they succeed", async () => {
    const slow = { seconds: 0.1, rate: 50 };
    const { backend, alone, breaker } = await breakerGateway({ ...TOUCHY, slow_call: slow });
    const get = await alone();
    backend.respond = (_arrived, response) => void setTimeout(() => response.end(), 250);
    expect(await statusesInTurn(5, get)).toEqual([200, 200, 200, 200, 503]);
    expect(await breaker()).toMatchObject({ state: "open", reason: "too many slow calls" });
  });

  test("routes that share an upstream share its breaker", async () => {
    const plugins = { "circuit-breaker": { ...TOUCHY, scope: "upstream" } };
    const routes = ["a", "b"].map((name) => ({ name, path: `/${name}`, upstream: "one", plugins }));
    const { backend, alone, changes } = await breakerGateway({}, { routes });
    const get = await alone();
    backend.respond = answering(500);
    const seen: Record<string, number[]> = { "/a": [], "/b": [] };
    // Each route knows at once what it counted itself, and of the other what was counted in the same second; of earlier
    // seconds it hears half a second later. So it may take a call or two more, but never the four that a route alone takes.
    for (const path of ["/a", "/a", "/b", "/b", "/a", "/b"]) seen[path]?.push((await get(path)).status);
    for (const path of ["/a", "/b"]) {
      expect([path, seen[path]?.slice(0, 2), seen[path]?.filter((status) => status === 500).length]).toEqual([
        path,
        [500, 500],
        expect.toBeOneOf([2, 3]) as number,
      ]);
      expect((await get(path)).status).toBe(503);
    }
    expect(await changes("upstream:one")).toEqual(["closed>open"]);
  });
});
