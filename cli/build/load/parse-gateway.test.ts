import { describe, expect, test } from "vitest";
import { parseSample } from "../../../test/harness/gateway-sample.ts";
import { DEFAULT_OPENRESTY_IMAGE } from "../../engine/images.ts";
import type { AutoscaleError } from "../../errors.ts";

const UPSTREAMS = `upstreams:
  users:
    targets: ["127.0.0.1:9000"]
`;
const ROUTES = `routes:
  - name: users
    path: /users
    upstream: users
`;
const SMALL = UPSTREAMS + ROUTES;

function load(text: string) {
  return parseSample(text).gateway;
}

test("the smallest gateway.yaml, with all its defaults", () => {
  expect(parseSample(SMALL)).toMatchObject({ warnings: [] });
  expect(load(SMALL)).toEqual({
    file: "/site/gateway.yaml",
    listen: [{ address: "0.0.0.0", port: 8080, http2: false }],
    workers: "auto",
    trustedProxies: [],
    accessLog: { format: "json" },
    sharedMemoryBytes: { autoscale: 16 * 1024 * 1024 },
    timeouts: { connectSeconds: 1, sendSeconds: 30, readSeconds: 30 },
    maxBodyBytes: 1024 * 1024,
    resolver: "auto",
    upstreams: [
      {
        name: "users",
        protocol: "http",
        targets: [{ host: "127.0.0.1", port: 9000, weight: 1, priority: 0 }],
        keepalive: { connections: 64, idleSeconds: 60 },
        retries: {
          attempts: 1,
          on: ["connect", "timeout"],
          methods: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
        },
        timeouts: { connectSeconds: 1, sendSeconds: 30, readSeconds: 30 },
        isDynamic: false,
        dynamic: {
          targets: [{ host: "127.0.0.1", port: 9000, weight: 1, priority: 0 }],
          discovery: { also: [] },
          balance: {
            policy: "round-robin",
            hash_on: [],
            hash_balance_factor: 1.25,
            decay_seconds: 10,
            slow_start_seconds: 0,
            slow_start_aggression: 1,
            panic_threshold: 50,
            load_blackout_seconds: 10,
            load_expiry_seconds: 180,
          },
          health: {},
          retries: {
            attempts: 1,
            methods: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
            budget: 20,
            budget_minimum: 10,
          },
        },
      },
    ],
    routes: [
      {
        name: "users",
        hosts: [],
        path: { kind: "prefix", value: "/users" },
        methods: [],
        upstream: "users",
        stripPrefix: false,
        timeouts: { connectSeconds: 1, sendSeconds: 30, readSeconds: 30 },
        maxBodyBytes: 1024 * 1024,
        plugins: [],
      },
    ],
    customPlugins: [],
    kubernetes: {
      name: "gateway",
      namespace: "default",
      image: DEFAULT_OPENRESTY_IMAGE,
      replicas: { min: 2, max: 10, cpuPercent: 70 },
      cpuCores: 1,
      service: { type: "ClusterIP", ports: {} },
      tlsSecrets: {},
      deployments: {},
    },
    nginx: { main: [], http: [], server: [], location: [] },
  });
});

test("timeouts go from the gateway to the upstream to the route", () => {
  const gateway = load(`timeouts: { connect: 2, read: 20 }
upstreams:
  users: { targets: ["a:1"], timeouts: { read: 10 } }
routes:
  - { name: users, path: /users, upstream: users, timeouts: { send: 5 } }
`);
  expect(gateway.timeouts).toEqual({ connectSeconds: 2, sendSeconds: 30, readSeconds: 20 });
  expect(gateway.upstreams[0]?.timeouts).toEqual({ connectSeconds: 2, sendSeconds: 30, readSeconds: 10 });
  expect(gateway.routes[0]?.timeouts).toEqual({ connectSeconds: 2, sendSeconds: 5, readSeconds: 10 });
});

test("plugins: the gateway's, replaced or taken away by the route's, in the order written", () => {
  const { routes } = load(`${UPSTREAMS}plugins: { a: { x: 1 }, b: {}, c: {}, off: false }
routes:
  - { name: one, path: /one, upstream: users }
  - { name: two, path: /two, upstream: users, plugins: { z: {}, c: false, a: { y: 2 }, off: {} } }
`);
  expect(routes[0]?.plugins).toEqual([
    { name: "a", config: { x: 1 }, keys: ["plugins", "a"] },
    { name: "b", config: {}, keys: ["plugins", "b"] },
    { name: "c", config: {}, keys: ["plugins", "c"] },
  ]);
  expect(routes[1]?.plugins.map(({ name }) => name)).toEqual(["a", "b", "off", "z"]);
  expect(routes[1]?.plugins[0]).toEqual({ name: "a", config: { y: 2 }, keys: ["routes", 1, "plugins", "a"] });
});

test("targets as text and as records", () => {
  const gateway = load(`upstreams:
  users:
    targets:
      - "[::1]:8080"
      - { host: "[2001:db8::1]", port: 80 }
      - { host: users.internal, port: 80, weight: 5, zone: a, priority: 1 }
${ROUTES}`);
  const targets = [
    { host: "::1", port: 8080, weight: 1, priority: 0 },
    { host: "2001:db8::1", port: 80, weight: 1, priority: 0 },
    { host: "users.internal", port: 80, weight: 5, zone: "a", priority: 1 },
  ];
  expect(gateway.upstreams[0]).toMatchObject({ targets, dynamic: { targets } });
});

test.each(['targets: ["users.internal:80"]', "discovery: { dns: { name: users.internal, port: 80 } }"])(
  "with %s alerts may act on any address: peers are known at run time",
  (peers) => {
    const rule = '{ match: { alertname: Slow }, do: { peer: "users/10.0.0.7:80", state: drain } }';
    const gateway = load(`admin: { events: [${rule}] }\nupstreams: { users: { ${peers} } }\n${ROUTES}`);
    expect(gateway.admin?.events).toMatchObject([{ action: { peer: "10.0.0.7:80" } }]);
  },
);

describe("fields of the plugin dynamic-upstreams", () => {
  const upstream = (fields: string) => load(`upstreams: { users: { ${fields} } }\n${ROUTES}`).upstreams[0];
  const TARGETS = 'targets: ["a:1"]';

  test("sources are enough without targets; their paths start from the folder of gateway.yaml", () => {
    const found = upstream(
      "discovery: { file: { path: peers.json, interval_seconds: 1 }, kubernetes: { service: users, token_file: token }, " +
        'also: [{ file: { path: more.json } }, { kubernetes: { service: users, token_file: "" } }] }',
    );
    expect(found).toMatchObject({
      targets: [],
      isDynamic: true,
      dynamic: {
        discovery: {
          file: { path: "/site/peers.json", interval_seconds: 1, weight: 1 },
          kubernetes: { token_file: "/site/token", namespace: "default" },
          also: [{ file: { path: "/site/more.json" } }, { kubernetes: { token_file: "" } }],
        },
      },
    });
  });

  test.each([
    "balance: {}",
    "balance: { policy: peak-ewma }",
    "health: { active: {} }",
    "health: { passive: {} }",
    "retries: { budget: 20 }",
    "retries: { budget_minimum: 0 }",
    "retries: { timeout_seconds: 1 }",
    "retries: { methods: [GET] }",
    "retries: { methods: [GET, HEAD, OPTIONS, PUT, DELETE, POST] }",
    "discovery: { dns: { name: b, port: 80 } }",
  ])("%s asks for it", (fields) => {
    expect(upstream(`${TARGETS}, ${fields}`)).toMatchObject({ isDynamic: true });
  });

  test.each([
    "discovery: {}",
    "health: {}",
    "retries: { attempts: 2, on: [502] }",
    "retries: { attempts: 0, methods: [GET] }",
    "retries: { methods: [GET, HEAD, OPTIONS, PUT, DELETE, POST, PATCH] }",
  ])("%s does not ask for it", (fields) => {
    expect(upstream(`${TARGETS}, ${fields}`)).toMatchObject({ isDynamic: false });
  });

  test("what is written of retries is its own too", () => {
    const { dynamic, retries } =
      upstream(`${TARGETS}, retries: { attempts: 3, on: [502], methods: [GET], budget: 5 }`) ?? {};
    expect(dynamic?.retries).toEqual({ attempts: 3, methods: ["GET"], budget: 5, budget_minimum: 10 });
    expect(retries).toEqual({ attempts: 3, on: ["502"], methods: ["GET"] });
  });
});

test("server settings", () => {
  const gateway = load(`${SMALL}listen:
  - { port: 80, address: "[::]" }
  - { port: 443, http2: true, tls: { certificate: certs/site.pem, key: ./certs/site.key } }
admin: { address: 10.0.0.1, token: "\${TOKEN}" }
workers: 4
trusted_proxies: [10.0.0.0/8, "::1"]
access_log: { format: "off" }
shared_memory: { autoscale: 1g, other: 65536 }
max_body: 0
resolver: [10.0.0.2, "::1"]
trusted_ca: certs/site.pem
custom_plugins: [./plugins]
nginx: { http: ["gzip on;"] }
`);
  expect(gateway).toMatchObject({
    listen: [
      { address: "::", port: 80, http2: false },
      {
        address: "0.0.0.0",
        port: 443,
        http2: true,
        tls: { certificate: "/site/certs/site.pem", key: "/site/certs/site.key" },
      },
    ],
    admin: { address: "10.0.0.1", port: 9180, token: "s3cret", events: [] },
    workers: 4,
    trustedProxies: ["10.0.0.0/8", "::1"],
    accessLog: { format: "off" },
    sharedMemoryBytes: { autoscale: 1024 ** 3, other: 65536 },
    maxBodyBytes: 0,
    resolver: ["10.0.0.2", "[::1]"],
    trustedCa: "/site/certs/site.pem",
    customPlugins: ["/site/plugins"],
    nginx: { main: [], http: ["gzip on;"], server: [], location: [] },
  });
});

test("an admin server without a token has none in the model", () => {
  const { admin } = load(`${SMALL}admin: { token: "\${EMPTY:-}" }\n`);
  expect(admin).toEqual({ address: "127.0.0.1", port: 9180, events: [] });
});

test("what alerts change, with its defaults", () => {
  const rules = `admin:
  events:
    - { match: { alertname: Slow }, do: { limit: users, factor: 0.5 } }
    - { match: { job: "api-*" }, status: firing, do: { peer: "users/$labels.instance", state: up, weight: 2 }, ttl_seconds: 60, reason: $labels.job }
    - { match: { alertname: Down }, do: { breaker: "route:users", state: open } }
`;
  expect(load(SMALL + rules).admin?.events).toEqual([
    {
      match: { alertname: "Slow" },
      status: "any",
      action: { kind: "limit", route: "users", factor: 0.5 },
      ttlSeconds: 18000,
    },
    {
      match: { job: "api-*" },
      status: "firing",
      action: { kind: "peer", upstream: "users", peer: "$labels.instance", state: "up", weight: 2 },
      ttlSeconds: 60,
      reason: "$labels.job",
    },
    {
      match: { alertname: "Down" },
      status: "any",
      action: { kind: "breaker", id: "route:users", state: "open" },
      ttlSeconds: 18000,
    },
  ]);
});

test("one path may be split among hosts and methods", () => {
  const routes = load(`${UPSTREAMS}routes:
  - { name: a, path: /x, upstream: users }
  - { name: b, path: /x, upstream: users, methods: [GET] }
  - { name: c, path: /x, upstream: users, methods: [POST] }
  - { name: d, path: /x, upstream: users, hosts: [API.Example.com] }
  - { name: e, path: "= /x", upstream: users }
`).routes;
  expect(routes.map(({ hosts }) => hosts)).toEqual([[], [], [], ["api.example.com"], []]);
});

describe("YAML", () => {
  test.each([
    ["a byte order mark", `\ufeff${SMALL}`],
    ["CRLF", SMALL.replaceAll("\n", "\r\n")],
    ["a document's start and end", `---\n${SMALL}...\n`],
    ["comments", `# one\n${SMALL}# two\n`],
    [
      "JSON",
      JSON.stringify({
        upstreams: { users: { targets: ["127.0.0.1:9000"] } },
        routes: [{ name: "users", path: "/users", upstream: "users" }],
      }),
    ],
    ["an alias", `upstreams: { users: { targets: &peers ["127.0.0.1:9000"] }, more: { targets: *peers } }\n${ROUTES}`],
    ["quoted keys", SMALL.replace("routes:", '"routes":')],
    ["YAML 1.1, read as 1.2", `%YAML 1.1\n---\n${SMALL}`],
  ])("with %s", (_, text) => {
    expect(load(text).routes).toEqual(load(SMALL).routes);
  });

  test("merge keys: what is written wins, of several the first", () => {
    const gateway = load(`upstreams:
  base: &base { targets: ["a:1"], timeouts: { read: 7 } }
  other: &other { targets: ["b:1"], protocol: https }
  users:
    <<: [*base, *other]
    timeouts: { read: 9 }
${ROUTES}`);
    expect(gateway.upstreams[2]).toMatchObject({
      targets: [{ host: "a" }],
      protocol: "https",
      timeouts: { readSeconds: 9 },
    });
  });

  test("an anchor that is set again holds from there on", () => {
    const gateway = load(`upstreams:
  a: { targets: &t ["a:1"] }
  users: { targets: *t }
  b: { targets: &t ["b:1"] }
  c: { targets: *t }
${ROUTES}`);
    expect(gateway.upstreams.map(({ targets }) => targets[0]?.host)).toEqual(["a", "a", "b", "b"]);
  });
});

describe("environment", () => {
  test("an unquoted placeholder alone may become a number or a boolean", () => {
    const gateway = load(`${SMALL}listen:\n  - port: \${PORT}\n    http2: \${FALSE}\n`);
    expect(gateway.listen).toEqual([{ address: "0.0.0.0", port: 9000, http2: false }]);
  });

  test("plugins' configurations are filled in too, names are not", () => {
    const { routes } = load(`${SMALL}plugins:\n  a: { body: "\${TOKEN} $\${X}", "\${TOKEN}": 1 }\n`);
    expect(routes[0]?.plugins[0]?.config).toEqual({ body: "s3cret ${X}", "${TOKEN}": 1 });
  });
});

describe("locate", () => {
  const { locate } = parseSample(SMALL.replace("users\n    path", "users # first\n    path"));

  test("finds values and keys", () => {
    expect(locate(["routes", 0, "path"])).toEqual({ file: "gateway.yaml", line: 6, column: 11 });
    expect(locate(["routes", 0, "path"], true)).toEqual({ file: "gateway.yaml", line: 6, column: 5 });
    expect(locate([])).toMatchObject({ line: 1, column: 1 });
  });

  test("of what is not written, finds the key of what holds it", () => {
    expect(locate(["upstreams", "users", "retries", "attempts"])).toMatchObject({ line: 2, column: 3 });
  });

  test("of an alias, finds where it is used; below it, where it is written", () => {
    const text = `upstreams: { users: { targets: ["a:1"] } }\nroutes:\n  - name: users\n    upstream: users\n    plugins: &p\n      a: { b: 1 }\nplugins: *p\n`;
    const aliased = parseSample(text);
    expect(aliased.locate(["plugins"])).toMatchObject({ line: 7, column: 10 });
    expect(aliased.locate(["plugins", "a", "b"])).toMatchObject({ line: 6, column: 15 });
  });

  test("columns and lines hold with a byte order mark and CRLF", () => {
    const marked = parseSample(`\ufeff${SMALL.replaceAll("\n", "\r\n")}`);
    expect(marked.locate(["routes", 0, "path"])).toMatchObject({ line: 6, column: 11 });
    expect(marked.locate(["upstreams"], true)).toMatchObject({ line: 1 });
  });
});

test("problems come in the order of the file", () => {
  const text = `workers: 0\nlisten: 1\n${SMALL}max_body: x\n`;
  try {
    load(text);
    expect.unreachable();
  } catch (error) {
    expect((error as AutoscaleError).problems.map(({ line }) => line)).toEqual([1, 2, 10]);
  }
});
