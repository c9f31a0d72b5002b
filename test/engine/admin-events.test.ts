import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { adminClient, refusalOf, type AdminClient } from "../harness/admin-client.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { decisionsIn } from "../harness/error-log.ts";
import { freePort } from "../harness/free-port.ts";
import { ADMIN_TOKEN, gatewayForTest, startGateway, type Gateway } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

const LIMITS = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  const store = host.store("autoscale");
  const key = "limit:" + host.place.route;
  return {
    admin: [
      {
        collection: "limits",
        id: host.place.route,
        get: () => ({ factor: (store.get(key) as number | undefined) ?? 1 }),
        put: (body) => {
          store.set(key, body["factor"] as number, 60);
          return undefined;
        },
      },
    ],
  };
};
`;

const EVENTS = [
  { match: { alertname: "HighLatency", severity: "page" }, do: { breaker: "route:users", state: "open" } },
  {
    match: { alertname: "HighLatency" },
    do: { limit: "users", factor: 0.5 },
    ttl_seconds: 120,
    reason: "$labels.team is on it",
  },
  { match: { alertname: "Disk*" }, do: { peer: "$labels.job/$labels.instance", state: "drain" } },
  { match: { alertname: "Nothing" }, do: { limit: "$labels.route", factor: 2 } },
];

const CONFIG = {
  custom_plugins: ["plugins"],
  upstreams: { users: { targets: ["127.0.0.1:9", "[::1]:9"], balance: {} } },
  routes: [{ name: "users", path: "/", upstream: "users", plugins: { "circuit-breaker": {}, limiter: {} } }],
};

const FILES = customPlugin("limiter", ["log"], LIMITS);

async function adminWith(events: readonly object[]): Promise<object> {
  return { port: await freePort(), token: ADMIN_TOKEN, events };
}

/** As Alertmanager 0.27 posts it. */
function posted(...alerts: { status: string; labels: Record<string, string> }[]) {
  return {
    version: "4",
    groupKey: '{}:{alertname="HighLatency"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "gateway",
    groupLabels: { alertname: "HighLatency" },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://alertmanager:9093",
    alerts: alerts.map((alert, index) => ({
      annotations: { summary: "Answers take long" },
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus:9090/graph",
      fingerprint: `c0ffee${String(index)}`,
      ...alert,
    })),
  };
}

describeWithEngine("POST /events", () => {
  let gateway: Gateway;
  let admin: AdminClient;
  beforeAll(async () => {
    gateway = await startGateway({ ...CONFIG, admin: await adminWith(EVENTS) }, { files: FILES });
    admin = adminClient(gateway);
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    await admin.put("/breakers/route:users", { state: "auto" });
    await admin.put("/limits/users", { factor: 1 });
    await admin.put("/upstreams/users/peers/[::1]:9", { state: "up" });
  });

  const state = async (): Promise<unknown> =>
    ((await admin.get("/breakers/route:users")).json as { state: string }).state;

  test("an alert that fires does what every rule says, and when it is resolved takes it back", async () => {
    const labels = { alertname: "HighLatency", severity: "page", team: "core" };
    const fired = await admin.post("/events", posted({ status: "firing", labels }));
    expect(fired.status).toBe(200);
    expect(fired.json).toEqual({
      alerts: [
        {
          alertname: "HighLatency",
          status: "firing",
          fingerprint: "c0ffee0",
          actions: [
            {
              rule: 0,
              target: "breakers/route:users",
              set: { state: "open", ttl_seconds: 18000, reason: "alert HighLatency is firing" },
              ok: true,
            },
            {
              rule: 1,
              target: "limits/users",
              set: { factor: 0.5, ttl_seconds: 120, reason: "core is on it" },
              ok: true,
            },
          ],
        },
      ],
      done: 2,
      failed: 0,
      unmatched: 0,
    });
    expect(await state()).toBe("forced_open");
    expect((await admin.get("/limits/users")).json).toEqual({ factor: 0.5 });
    expect((await admin.post("/events", posted({ status: "firing", labels }))).json).toMatchObject({
      done: 2,
      failed: 0,
    });
    await admin.post("/events", posted({ status: "resolved", labels }));
    expect(await state()).toBe("closed");
    expect((await admin.get("/limits/users")).json).toEqual({ factor: 1 });
    const told = decisionsIn(await gateway.errorLog()).filter(({ subject }) => subject === "alert:HighLatency");
    expect(told.map(({ plugin, to, inputs }) => [plugin, to, inputs["done"]])).toEqual([
      ["admin", "firing", 2],
      ["admin", "firing", 2],
      ["admin", "resolved", 2],
    ]);
  });

  test("labels name the peer; what matches nothing is told; what cannot be done fails alone", async () => {
    const answer = await admin.post(
      "/events",
      posted(
        { status: "firing", labels: { alertname: "DiskFull", job: "users", instance: "[::1]:9" } },
        { status: "firing", labels: { alertname: "DiskSlow", job: "users", instance: "10.0.0.9:1" } },
        { status: "firing", labels: { alertname: "DiskSlow", job: "users" } },
        { status: "firing", labels: { alertname: "Nothing", route: "none" } },
        { status: "firing", labels: { alertname: "Unknown" } },
      ),
    );
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      alerts: [
        { actions: [{ ok: true, target: "upstreams/users/peers/[::1]:9" }] },
        { actions: [{ ok: false, error: "E_PEER_UNKNOWN" }] },
        { actions: [{ ok: false, error: "E_EVENT_LABEL", message: 'the alert has no label "instance"' }] },
        { actions: [{ ok: false, error: "E_ADMIN_PATH" }] },
        { alertname: "Unknown", actions: [] },
      ],
      done: 1,
      failed: 3,
      unmatched: 1,
    });
    expect((await admin.get("/upstreams/users/peers/[::1]:9")).json).toMatchObject({
      state: "drain",
      why: "alert DiskFull is firing",
    });
  });

  test("of two alerts about one thing the one that still fires holds", async () => {
    const labels = { alertname: "HighLatency", severity: "page" };
    const both = posted({ status: "firing", labels }, { status: "resolved", labels: { ...labels, instance: "other" } });
    await admin.post("/events", both);
    expect(await state()).toBe("forced_open");
  });

  test("100 alerts in one call, and not one more", async () => {
    const many = (count: number) =>
      posted(...Array.from({ length: count }, () => ({ status: "firing", labels: { alertname: "Unknown" } })));
    expect(JSON.stringify(many(100)).length).toBeLessThan(1024 * 1024);
    expect((await admin.post("/events", many(100))).json).toMatchObject({ unmatched: 100 });
    expect(refusalOf(await admin.post("/events", many(101)))).toEqual([422, "E_ADMIN_VALUE"]);
    const fat = posted({ status: "firing", labels: { alertname: "Unknown", padding: "x".repeat(500_000) } });
    expect((await admin.post("/events", fat)).json).toMatchObject({ unmatched: 1 });
    const tooFat = posted({ status: "firing", labels: { alertname: "Unknown", padding: "x".repeat(1_100_000) } });
    expect(refusalOf(await admin.post("/events", tooFat))).toEqual([413, "E_ADMIN_BODY"]);
  });

  test("a body that is none of Alertmanager's changes nothing", async () => {
    const good = { status: "firing", labels: { alertname: "HighLatency", severity: "page" } };
    const cases: [unknown, string][] = [
      [{}, "alerts must be a list"],
      [{ alerts: "all" }, "alerts must be a list"],
      [{ alerts: [good, {}] }, "alerts[1]"],
      [{ alerts: [good, "x"] }, "alerts[1]"],
      [{ alerts: [good, { status: "firing" }] }, "alerts[1]"],
      [{ alerts: [good, { status: "burning", labels: {} }] }, "alerts[1]"],
    ];
    for (const [body, word] of cases) {
      const answer = await admin.post("/events", body);
      expect([body, ...refusalOf(answer)]).toEqual([body, 422, "E_ADMIN_VALUE"]);
      expect(answer.body).toContain(word);
    }
    expect(refusalOf(await admin.post("/events", "{"))).toEqual([400, "E_ADMIN_BODY"]);
    expect(await state()).toBe("closed");
    expect((await admin.post("/events", { alerts: [] })).json).toEqual({
      alerts: [],
      done: 0,
      failed: 0,
      unmatched: 0,
    });
    const get = await admin.get("/events");
    expect([...refusalOf(get), get.headers.allow]).toEqual([405, "E_ADMIN_METHOD", "POST"]);
  });

  test("without rules there is nothing to post to", async () => {
    const plain = await gatewayForTest(CONFIG, { files: FILES });
    expect(refusalOf(await adminClient(plain).post("/events", posted()))).toEqual([404, "E_ADMIN_PATH"]);
  });

  test("a rule for peers that nginx picks does not build", async () => {
    const upstreams = { users: { targets: ["127.0.0.1:9"] } };
    const events = [{ match: { alertname: "A" }, do: { peer: "users/127.0.0.1:9", state: "drain" } }];
    const routes = [{ name: "users", path: "/", upstream: "users" }];
    await expect(gatewayForTest({ upstreams, routes, admin: await adminWith(events) })).rejects.toThrow(
      /E_PEERS_FIXED/,
    );
  });
});
