import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { answering, gate } from "../harness/backend.ts";
import { CRITICAL, guardedGateway, never, unanswered } from "../harness/concurrency-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany, statuses, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, TELL_WORKER } from "../harness/pinned-workers.ts";

describeWithEngine("adaptive-concurrency: the queue", () => {
  const queue = { depth: 20, timeout_seconds: 20 };

  test("who waits gets a place that becomes free in another worker; the important first", async () => {
    const { gateway, backend, inFlight } = await guardedGateway(1, { queue });
    const [one, other] = await pinWorkers(gateway, "/free", 5);
    const order: string[] = [];
    const first = gate();
    backend.respond = first.respond;
    const holding = one?.send("/", CRITICAL);
    await eventually("the place is taken", () => backend.arrived.length === 1);
    backend.respond = ({ headers }, response) => {
      order.push(String(headers["x-priority"]));
      response.end();
    };
    const waiting: Promise<Answer>[] = [];
    for (const priority of ["batch", "normal", "critical"]) {
      const asked = other?.send("/", { headers: { "x-priority": priority } });
      if (asked !== undefined) waiting.push(asked);
      await sleep(50);
    }
    expect(order).toEqual([]);
    first.open();
    expect(statuses(await Promise.all(waiting))).toEqual({ 200: 3 });
    expect(order).toEqual(["critical", "normal", "batch"]);
    expect((await holding)?.status).toBe(200);
    await eventually("all have left", async () => (await inFlight()) === 0);
  });

  test("nobody waits longer than is allowed, and a worker answers others meanwhile", async () => {
    const { gateway, backend, inFlight } = await guardedGateway(1, { queue: { depth: 2, timeout_seconds: 0.5 } });
    const [one] = await pinWorkers(gateway, "/free", 6);
    if (one === undefined) throw new Error("the gateway has no workers");
    backend.respond = never;
    const leaving = new AbortController();
    const holding = unanswered(send(gateway.url, { ...CRITICAL, signal: leaving.signal }));
    await eventually("the place is taken", () => backend.arrived.length === 1);
    const started = performance.now();
    const asked = [1, 2, 3, 4].map(() => one.send("/", CRITICAL));
    expect((await one.send("/free")).status).toBe(200);
    expect(statuses(await Promise.all(asked))).toEqual({ 503: 4 });
    expect(performance.now() - started).toBeGreaterThan(490);
    leaving.abort();
    expect(await holding).toBe("left");
    backend.respond = answering(200);
    await eventually("it has left", async () => (await inFlight()) === 0);
    expect((await one.send("/", CRITICAL)).status).toBe(200);
  });

  test("clients that leave while they wait leave nothing behind, with and without lua_check_client_abort", async () => {
    for (const http of [[], ["lua_check_client_abort on;"]]) {
      const nginx = { http, server: [TELL_WORKER, "location = /free { return 200 free; }"] };
      const { gateway, backend, inFlight } = await guardedGateway(
        2,
        { queue: { depth: 50, timeout_seconds: 1 } },
        nginx,
      );
      backend.respond = never;
      const leaving = new AbortController();
      setMaxListeners(20, leaving.signal);
      const asked = Array.from({ length: 12 }, () =>
        unanswered(send(gateway.url, { ...CRITICAL, signal: leaving.signal })),
      );
      await eventually("both places are taken", () => backend.arrived.length === 2);
      await sleep(200);
      leaving.abort();
      await Promise.all(asked);
      backend.respond = answering(200);
      await eventually("all have left", async () => (await inFlight()) === 0);
      expect(statuses(await sendMany(2, gateway.url, CRITICAL))).toEqual({ 200: 2 });
      expect(await gateway.errorLog()).not.toContain("[error]");
      await gateway.stop();
    }
  });
});
