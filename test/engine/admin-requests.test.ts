import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient, refusalOf, type AdminClient } from "../harness/admin-client.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { freePort } from "../harness/free-port.ts";
import { ADMIN_TOKEN, gatewayForTest, startGateway, type Gateway } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

/** Has limits of its own, keeps their factors in the dict, and adds a figure to what the gateway tells of its routes. */
const LIMITS = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  const store = host.store("autoscale");
  const id = host.place.route;
  return {
    admin: [
      {
        collection: "limits",
        id,
        get: () => ({ factor: (store.get("limit:" + id) as number | undefined) ?? 1 }),
        put: (body) => {
          const factor = body["factor"];
          if (typeof factor !== "number" || factor <= 0) {
            return "factor must be a number above 0";
          }
          store.set("limit:" + id, factor, 60);
          return undefined;
        },
      },
      { collection: "routes", id, get: () => ({ rps: 1.5, path: "not mine to tell" }) },
      { collection: "autoscale", id: host.place.upstream, get: () => ({ upstream: host.place.upstream, rps: 1.5 }) },
      { collection: "broken", id, get: () => ({ endless: 1 / 0, empty: {} }) },
    ],
  };
};
`;

const ROUTES = [
  {
    name: "users",
    path: "/users",
    methods: ["GET"],
    hosts: ["api.example"],
    upstream: "one",
    plugins: { limiter: {} },
  },
  { name: "rest", path: "/", upstream: "one" },
];
const UPSTREAMS = {
  one: { targets: [{ host: "127.0.0.1", port: 9, weight: 2 }] },
  lua: { targets: ["[::1]:9"], balance: {} },
};
const CONFIG = { custom_plugins: ["plugins"], upstreams: UPSTREAMS, routes: ROUTES };
const FILES = customPlugin("limiter", ["log"], LIMITS);

/** Bytes on the wire, for what no HTTP client sends; gives all that comes back. */
async function raw(gateway: Gateway, request: string): Promise<string> {
  const socket = connect(Number(new URL(gateway.adminUrl).port), "127.0.0.1");
  socket.end(request);
  return text(socket);
}

describeWithEngine("the admin server", () => {
  let gateway: Gateway;
  let admin: AdminClient;
  beforeAll(async () => {
    gateway = await startGateway(CONFIG, { files: FILES });
    admin = adminClient(gateway);
  });
  afterAll(() => gateway.stop());

  test("status: the node, routes and upstreams, each with what plugins add", async () => {
    const { status, headers, json } = await admin.get("/status");
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(json).toMatchObject({
      workers: 4,
      writable: true,
      node: { connections: { active: expect.any(Number) as number } },
      routes: {
        users: {
          path: "/users",
          hosts: ["api.example"],
          methods: ["GET"],
          upstream: "one",
          plugins: ["limiter"],
          rps: 1.5,
        },
        rest: { path: "/", hosts: [], methods: [], upstream: "one", plugins: [] },
      },
      upstreams: {
        one: {
          protocol: "http",
          picked_by: "nginx",
          peers: { "127.0.0.1:9": { state: "up", weight: 2, priority: 0 } },
        },
        lua: { protocol: "http", picked_by: "lua", peers: { "[::1]:9": { state: "up", weight: 1, priority: 0 } } },
      },
      limits: { users: { factor: 1 } },
      broken: { users: { endless: null } },
    });
  });

  test("one thing at its own path, as status shows it", async () => {
    expect((await admin.get("/routes/users")).json).toMatchObject({ path: "/users", rps: 1.5 });
    expect((await admin.get("/upstreams/lua")).json).toMatchObject({ picked_by: "lua" });
    expect((await admin.get("/autoscale/one")).json).toEqual({ upstream: "one", rps: 1.5 });
  });

  test("HEAD is GET without the body", async () => {
    for (const path of ["/status", "/metrics", "/decisions", "/limits/users", "/upstreams/lua/peers/[::1]:9"]) {
      const [head, get] = [await admin.send(path, { method: "HEAD" }), await admin.get(path)];
      expect([path, head.status, head.body]).toEqual([path, 200, ""]);
      expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
    }
  });

  test("the other method: 405, and which ones there are", async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const cases: [string, string, string][] = [
      ["PUT", "/status", "GET, HEAD"],
      ["DELETE", "/metrics", "GET, HEAD"],
      ["POST", "/decisions", "GET, HEAD"],
      ["POST", "/limits/users", "GET, HEAD, PUT"],
      ["PUT", "/routes/users", "GET, HEAD"],
      ["DELETE", "/upstreams/lua/peers/[::1]:9", "GET, HEAD, PUT"],
      ["PUT", "/autoscale/one", "GET, HEAD"],
    ];
    for (const [method, path, allow] of cases) {
      const answer = await admin.send(path, { method, headers, body: "{}" });
      expect([method, path, ...refusalOf(answer), answer.headers.allow]).toEqual([
        method,
        path,
        405,
        "E_ADMIN_METHOD",
        allow,
      ]);
    }
  });

  test("a plugin's limits are changed, and every worker sees it", async () => {
    expect((await admin.put("/limits/users", { factor: 0.5 })).json).toEqual({ factor: 0.5 });
    for (let index = 0; index < 8; index++) {
      expect((await admin.get("/limits/users")).json).toEqual({ factor: 0.5 });
    }
    expect(refusalOf(await admin.put("/limits/users", { factor: -1 }))).toEqual([422, "E_ADMIN_VALUE"]);
  });

  test("unknown paths, collections and ids: 404, with what to do", async () => {
    const cases: [string, string][] = [
      ["/nowhere", "/status"],
      ["/limits/none", "there are: users"],
      ["/breakers/route:users", "add it to a route"],
      ["/upstreams/none/peers/127.0.0.1:9", 'no upstream "none"'],
      ["/upstreams/lua/peers/127.0.0.1:1", "there are: [::1]:9"],
    ];
    for (const [path, word] of cases) {
      const answer = await admin.get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect((answer.json as { message: string }).message).toContain(word);
    }
  });

  test.each([
    ["no token", undefined],
    ["a wrong one", "Bearer let-me-ou"],
    ["a longer one", `Bearer ${ADMIN_TOKEN}x`],
    ["an empty one", "Bearer "],
    ["another scheme", `Basic ${ADMIN_TOKEN}`],
    ["two tokens", `Bearer ${ADMIN_TOKEN} x`],
  ])("%s: nothing is changed", async (_title, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    for (const [method, path] of [
      ["PUT", "/limits/users"],
      ["POST", "/events"],
      ["DELETE", "/status"],
    ] as const) {
      const answer = await admin.send(path, { method, headers, body: '{"factor":0.1}' });
      expect(refusalOf(answer)).toEqual([401, "E_ADMIN_TOKEN"]);
      expect(answer.headers["www-authenticate"]).toContain("Bearer");
    }
    expect((await admin.get("/limits/users")).json).not.toEqual({ factor: 0.1 });
  });

  test("the scheme's name has no case", async () => {
    const headers = { authorization: `bEARER ${ADMIN_TOKEN}` };
    const answer = await admin.send("/limits/users", { method: "PUT", headers, body: '{"factor":2}' });
    expect(answer.json).toEqual({ factor: 2 });
  });

  test("bodies that are no JSON object", async () => {
    for (const body of ["", "{", "[1]", '"x"', "5", "null", "\0", "{}{}"]) {
      expect([body, ...refusalOf(await admin.put("/limits/users", body))]).toEqual([body, 400, "E_ADMIN_BODY"]);
    }
  });

  test("JSON is JSON whatever its type says, as curl and fetch say it", async () => {
    for (const type of ["application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "application/json"]) {
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": type };
      const answer = await admin.send("/limits/users", { method: "PUT", headers, body: '{"factor":3}' });
      expect([type, answer.json]).toEqual([type, { factor: 3 }]);
    }
  });

  test("bodies that are too large, also when they do not say so", async () => {
    const large = JSON.stringify({ reason: "x".repeat(70_000) });
    expect(refusalOf(await admin.put("/limits/users", large))).toEqual([413, "E_ADMIN_BODY"]);
    const chunk = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    const head = `PUT /limits/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nConnection: close\r\n`;
    const answer = await raw(gateway, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
    expect(answer).toMatch(/^HTTP\/1.1 413/);
    expect(answer).toContain('"E_ADMIN_BODY"');
  });

  test("what is no request at all is answered with JSON too", async () => {
    expect(await raw(gateway, "NONSENSE\r\n\r\n")).toContain('"E_ADMIN_REQUEST"');
    expect(await raw(gateway, "GET /status HTTP/1.1\r\nConnection: close\r\n\r\n")).toContain('"E_ADMIN_REQUEST"');
    expect(await raw(gateway, `GET /${"x".repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toContain(
      '"E_ADMIN_REQUEST"',
    );
    expect(await raw(gateway, "TRACE /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).toContain(
      '"E_ADMIN_METHOD"',
    );
  });

  test("limit of /decisions must be a number", async () => {
    for (const limit of ["0", "-1", "x", "1.5", ""]) {
      expect([limit, ...refusalOf(await admin.get(`/decisions?limit=${limit}`))]).toEqual([
        limit,
        400,
        "E_ADMIN_QUERY",
      ]);
    }
  });

  test("without a token: readable under an address alone, and nothing is written", async () => {
    const open = await gatewayForTest({ ...CONFIG, admin: { port: await freePort() } }, { files: FILES });
    const client = adminClient(open);
    expect((await client.get("/status")).json).toMatchObject({ writable: false });
    expect(refusalOf(await client.put("/limits/users", { factor: 2 }))).toEqual([403, "E_ADMIN_READ_ONLY"]);
    expect(refusalOf(await client.post("/events", { alerts: [] }))).toEqual([403, "E_ADMIN_READ_ONLY"]);
    for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:5", "10.0.0.1:9180"]) {
      expect([host, (await client.get("/status", { headers: { host } })).status]).toEqual([host, 200]);
    }
    for (const host of [
      "evil.example",
      "localhost.evil.example:9180",
      "127.0.0.1.evil.example",
      "1.2.3.4.5",
      "a:b:1",
    ]) {
      expect([host, ...refusalOf(await client.get("/status", { headers: { host } }))]).toEqual([
        host,
        403,
        "E_ADMIN_HOST",
      ]);
    }
  });
});
