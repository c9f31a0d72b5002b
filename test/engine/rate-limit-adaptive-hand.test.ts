import { expect, test } from "vitest";
import { adaptiveGateway, PLENTY } from "../harness/adaptive-gateway.ts";
import { dnsServerForTest } from "../harness/dns-server.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { ADMIN_TOKEN } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { TELL_WORKER } from "../harness/pinned-workers.ts";
import { pretendResolvConf } from "../harness/resolv-conf.ts";

const EVENTS = [{ match: { alertname: "Slow" }, do: { limit: "api", factor: 0.5 }, reason: "$labels.team looks" }];

const alert = (status: "firing" | "resolved") => ({
  alerts: [{ status, labels: { alertname: "Slow", team: "core" } }],
});

describeWithEngine("limits by hand", () => {
  test("a factor holds in all workers, over a reload, until it is ended", async () => {
    const api = await adaptiveGateway({}, {}, { workers: 4 });
    const answer = await api.admin.put("/limits/api", { factor: 0.25, ttl_seconds: 600, reason: "a sale" });
    expect([answer.status, answer.json]).toMatchObject([200, { factor: 0.25, reason: "a sale", limit: PLENTY }]);
    await api.everyWorkerGives(0.25);
    expect((await api.gateway.reload()).ok).toBe(true);
    await api.everyWorkerGives(0.25);
    expect((await api.admin.put("/limits/api", { factor: 1 })).json).toMatchObject({ factor: 1, reason: "" });
    await api.everyWorkerGives(1);
    expect((await api.admin.put("/limits/api", { factor: 2 })).json).toMatchObject({ error: "E_ADMIN_VALUE" });
    expect((await api.decisions()).map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ["1.00", "0.25", "a sale"],
      ["0.25", "1.00", "by hand"],
    ]);
  });

  test("an alert sets it and takes it back; its time is up otherwise", async () => {
    const api = await adaptiveGateway({}, { admin: { port: await freePort(), token: ADMIN_TOKEN, events: EVENTS } });
    expect((await api.admin.post("/events", alert("firing"))).json).toMatchObject({ done: 1, failed: 0 });
    await api.everyWorkerGives(0.5);
    expect(await api.shown()).toMatchObject({ factor: 0.5, reason: "core looks" });
    expect((await api.admin.post("/events", alert("resolved"))).json).toMatchObject({ done: 1, failed: 0 });
    await api.everyWorkerGives(1);
    await api.admin.put("/limits/api", { factor: 0.5, ttl_seconds: 1 });
    await eventually("its end is told", async () =>
      (await api.decisions()).some(({ reason }) => reason === "the override expired"),
    );
    await api.everyWorkerGives(1);
  });
});

describeWithEngine("the number of gateways by DNS", () => {
  test("changes, and the local limit follows", async () => {
    const address = (last: number) => ({ type: "A", ttl: 1, address: `10.0.0.${String(last)}` }) as const;
    const dns = await dnsServerForTest({ "gateways.test": [address(1), address(2)] });
    // Beside gateway.yaml; the bundle lies two folders deeper.
    const files = { "resolving.lua": `kept = {} ${pretendResolvConf("nameserver 192.0.2.53\n", dns.port)}` };
    const nginx = { http: ["init_by_lua_file ../../resolving.lua;"], server: [TELL_WORKER] };
    const api = await adaptiveGateway({ replicas_dns: "gateways.test" }, { nginx }, { workers: 2, files });
    await api.everyWorkerGives(0.5);
    dns.zone.set("gateways.test", [1, 2, 3, 4].map(address));
    await api.everyWorkerGives(0.25);
    dns.zone.set("gateways.test", "SERVFAIL");
    const asked = dns.asked.length;
    await eventually("it is asked in vain", () => dns.asked.length > asked);
    expect((await api.shown()).replicas).toBe(4);
    expect((await api.decisions()).map(({ subject, from, to }) => [subject, from, to])).toEqual([
      ["replicas:gateways.test", "1 gateway", "2 gateways"],
      ["replicas:gateways.test", "2 gateways", "4 gateways"],
    ]);
  });
});
