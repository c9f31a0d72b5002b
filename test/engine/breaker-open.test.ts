import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answering, startBackend } from "../harness/backend.ts";
import { breakerGateway, GUARDED, statusesInTurn, TOUCHY, type BreakerGateway } from "../harness/breaker-gateway.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

async function trip({ backend, alone, until }: BreakerGateway): Promise<void> {
  const before = backend.respond;
  backend.respond = answering(500);
  await statusesInTurn(4, await alone());
  await until("open");
  backend.respond = before;
}

describeWithEngine("circuit breaker: how it rejects", () => {
  test("by default 503, empty, with Retry-After", async () => {
    const rig = await breakerGateway(TOUCHY);
    await trip(rig);
    const answer = await rig.get("/any?thing=1");
    expect([answer.status, answer.body]).toEqual([503, ""]);
    const seconds = Number(answer.headers["retry-after"]);
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  test("with the status, headers and body of the fallback", async () => {
    const headers = { "Content-Type": "text/plain", "X-Why": 'upstream \\ is "down"' };
    const body = "Back soon.\n";
    const rig = await breakerGateway({ ...TOUCHY, fallback: { status: 200, headers, body } });
    await trip(rig);
    const answer = await rig.get();
    expect([answer.status, answer.body]).toEqual([200, body]);
    expect(answer.headers).toMatchObject({ "content-type": "text/plain", "x-why": headers["X-Why"] });
    expect(answer.headers["retry-after"]).toBeUndefined();
    // A body that a client sends along is no reason to fail.
    expect((await send(rig.gateway.url, { method: "POST", body: "x".repeat(1000) })).body).toBe(body);
    expect((await send(rig.gateway.url, { method: "HEAD" })).body).toBe("");
  });

  test("by a redirect", async () => {
    const outside = await breakerGateway({ ...TOUCHY, fallback: { redirect: "https://status.example.com/?a=b" } });
    await trip(outside);
    const answer = await outside.get();
    expect([answer.status, answer.headers["location"]]).toEqual([302, "https://status.example.com/?a=b"]);
    const inside = await breakerGateway({ ...TOUCHY, fallback: { redirect: "/sorry" } });
    await trip(inside);
    expect((await inside.get()).headers["location"]).toBe("/sorry");
  });

  test("by another upstream, whose answers it does not count", async () => {
    const other = await startBackend({ respond: answering(500, { "x-from": "other" }) });
    const one = await startBackend();
    // Long enough for the request after the trip, however slow the machine.
    const open = { seconds: 3, jitter: 0 };
    const breaker = { ...TOUCHY, open, half_open: { calls: 1 }, fallback: { upstream: "other" } };
    const upstreams = { one: { targets: [one.target], retries: { attempts: 0 } }, other: { targets: [other.target] } };
    const plugins = { "circuit-breaker": breaker };
    const routes = [{ name: "guarded", path: "/api", upstream: "one", strip_prefix: true, plugins }];
    const rig = await breakerGateway({}, { upstreams, routes });
    one.respond = answering(500);
    const get = await rig.alone();
    await statusesInTurn(4, () => get("/api"));
    const answer = await rig.get("/api/users?page=2");
    expect([answer.status, answer.headers["x-from"]]).toEqual([500, "other"]);
    expect(other.arrived.map(({ url }) => url)).toEqual(["/users?page=2"]);

    await rig.until("half_open");
    one.respond = answering(200);
    await eventually("the probe closes it", async () => (await rig.get("/api")).status === 200);
    expect(await rig.breaker()).toMatchObject({ state: "closed" });
    expect(await statusesInTurn(8, () => get("/api"))).toEqual(Array.from({ length: 8 }, () => 200));
    expect(await rig.changes()).toEqual(["closed>open", "open>half_open", "half_open>closed"]);
    await Promise.all([one.stop(), other.stop()]);
  });
});

describeWithEngine("circuit breaker: modes", () => {
  test("shadow rejects nothing, and counts what it would have rejected", async () => {
    const rig = await breakerGateway({ ...TOUCHY, mode: "shadow" });
    await trip(rig);
    expect(await statusesInTurn(10, rig.get)).toEqual(Array.from({ length: 10 }, () => 200));
    const metrics = await rig.gateway.metrics();
    expect(metric(metrics, `gateway_breaker_would_reject_total{breaker="${GUARDED}"}`)).toBe(10);
    expect(metric(metrics, `gateway_breaker_rejected_total{breaker="${GUARDED}"}`)).toBe(0);
    expect(await rig.breaker()).toMatchObject({ state: "open", shadow: true });
  });

  test("off: no request runs any Lua", async () => {
    const rig = await breakerGateway({ ...TOUCHY, mode: "off" });
    const folder = join(rig.gateway.bundle, "conf", "fragments");
    const files = readdirSync(join(folder, "routes")).map((name) => join(folder, "routes", name));
    const text = [join(folder, "servers.conf"), ...files].map((file) => readFileSync(file, "utf8")).join("");
    expect(text).not.toMatch(/by_lua/);
    rig.backend.respond = answering(500);
    expect(await statusesInTurn(8, rig.get)).toEqual(Array.from({ length: 8 }, () => 500));
    expect(await rig.gateway.status()).not.toHaveProperty("breakers");
  });
});

describeWithEngine("circuit breaker: overrides", () => {
  const path = `/breakers/${GUARDED}`;

  test("open and closed by hand, until told otherwise", async () => {
    const rig = await breakerGateway(TOUCHY);
    const put = (body: object) => rig.gateway.put(path, body);
    const opened = await put({ state: "open", ttl_seconds: 60, reason: "maintenance" });
    expect(opened.status).toBe(200);
    expect(JSON.parse(opened.body)).toMatchObject({ state: "forced_open", reason: "maintenance" });
    expect((await rig.get()).status).toBe(503);
    expect(rig.backend.arrived).toHaveLength(0);

    expect((await put({ state: "closed" })).status).toBe(200);
    rig.backend.respond = answering(500);
    expect(await statusesInTurn(10, await rig.alone())).toEqual(Array.from({ length: 10 }, () => 500));

    expect((await put({ state: "auto" })).status).toBe(200);
    expect((await rig.get()).status).toBe(500);
    expect(await rig.changes()).toEqual(["closed>forced_open", "forced_open>forced_closed", "forced_closed>closed"]);
  });

  test("an override ends when its time is up", async () => {
    const rig = await breakerGateway(TOUCHY);
    await rig.gateway.put(path, { state: "open", ttl_seconds: 1 });
    expect((await rig.get()).status).toBe(503);
    await rig.until("closed");
    expect((await rig.get()).status).toBe(200);
    expect(await rig.changes()).toEqual(["closed>forced_open", "forced_open>closed"]);
  });

  test("who has no token changes nothing; who sends nonsense is told what is wrong", async () => {
    const rig = await breakerGateway(TOUCHY);
    const { put } = rig.gateway;
    const open = { state: "open", ttl_seconds: 60 };
    expect((await put(path, open, "")).status).toBe(401);
    expect((await put(path, open, "let-me-im")).status).toBe(401);
    expect((await put(path, open, "let-me-in2")).status).toBe(401);
    expect((await put(path, "not json")).status).toBe(400);
    expect((await put(path, "")).status).toBe(400);
    expect((await put("/breakers/route:nobody", open)).status).toBe(404);
    const wrong = [{}, { state: "ajar" }, { ...open, ttl_seconds: 0 }, { ...open, ttl: 5 }, { ...open, reason: 5 }];
    for (const body of wrong) {
      const answer = await put(path, body);
      expect([answer.status, (JSON.parse(answer.body) as { error: string }).error]).toEqual([422, "E_ADMIN_VALUE"]);
    }
    expect(await rig.breaker()).toMatchObject({ state: "closed", generation: 0 });
    expect((await rig.get()).status).toBe(200);
  });
});

describeWithEngine("circuit breaker: reload", () => {
  test("an open breaker stays open", async () => {
    const rig = await breakerGateway(TOUCHY);
    await trip(rig);
    const { since, until } = await rig.breaker();
    expect((await rig.gateway.reload()).ok).toBe(true);
    expect(await rig.breaker()).toMatchObject({ state: "open", since, until, generation: 1 });
    expect(await statusesInTurn(8, rig.get)).toEqual(Array.from({ length: 8 }, () => 503));
  });

  test("what was counted in a time window is not forgotten", async () => {
    const rig = await breakerGateway(TOUCHY);
    rig.backend.respond = answering(500);
    await statusesInTurn(3, await rig.alone());
    await rig.gateway.reload();
    expect((await rig.breaker()).calls).toBe(3);
    expect(await statusesInTurn(2, await rig.alone())).toEqual([500, 503]);
  });
});
