import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { templateRenderer } from "../../cli/build/templates.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { DEFAULT_PLUGINS, OPTIONAL_PLUGINS } from "./default-plugins.ts";
import { ties } from "./host-config.ts";
import target from "./target.ts";

const template = templateRenderer(new URL("./", import.meta.url));

interface Entry {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly plugins: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function render(text: string): ReadonlyMap<string, string> {
  return target.render(planSample(text), template, []);
}

function apisixYaml(text: string): { upstreams: Entry[]; routes: Entry[] } {
  return parse(render(text).get("apisix.yaml") ?? "", { version: "1.1" }) as { upstreams: Entry[]; routes: Entry[] };
}

function warnings(text: string): string[] {
  const plan = planSample(text);
  return target.capabilities.flatMap(({ support, askedAt }) => (support === "full" ? [] : (askedAt?.(plan) ?? [])));
}

const SMALL = `
upstreams: { one: { targets: ["10.0.0.1:80"] } }
routes: [{ name: all, path: /, upstream: one, plugins: { circuit-breaker: {} } }]
`;

test("the files of a bundle; apisix.yaml ends as APISIX wants it", () => {
  const files = render(SMALL);
  expect([...files.keys()]).toEqual([
    "apisix/plugins/adaptive-concurrency.lua",
    "apisix/plugins/adaptive-rate-limit.lua",
    "apisix/plugins/circuit-breaker.lua",
    "apisix/plugins/dynamic-upstreams.lua",
    "apisix/plugins/endpoint-metrics.lua",
    "apisix.yaml",
    "config.yaml",
    "INSTALL.md",
  ]);
  expect(files.get("apisix.yaml")).toMatch(/\n#END\n$/);
  expect(files.get("apisix/plugins/circuit-breaker.lua")).toContain('require("autoscale.apisix.plugin").define({');
});

test("the same plan gives the same bytes", () => {
  expect([...render(SMALL)]).toEqual([...render(SMALL)]);
});

test("a route: id, paths, upstream, timeouts, and the plugin's whole configuration", () => {
  const { routes } = apisixYaml(SMALL);
  expect(routes[0]).toMatchObject({
    id: "all",
    uris: ["/*"],
    upstream_id: "one",
    timeout: { connect: 1, send: 30, read: 30 },
    enable_websocket: true,
    plugins: { "circuit-breaker": { scope: "route", minimum_calls: 20, fallback: { status: 503, headers: {} } } },
  });
});

test("shadow is said, off is left out, and a gateway's plugin is on each route", () => {
  const { routes } = apisixYaml(`
upstreams: { one: { targets: ["10.0.0.1:80"] } }
plugins: { circuit-breaker: {} }
routes:
  - { name: a, path: /a, upstream: one, plugins: { circuit-breaker: { mode: shadow } } }
  - { name: b, path: /b, upstream: one, plugins: { circuit-breaker: { mode: off } } }
  - { name: c, path: /c, upstream: one, plugins: { circuit-breaker: false } }
  - { name: d, path: /d, upstream: one }
`);
  const modes = routes.map(
    ({ plugins }) => plugins["circuit-breaker"] && (plugins["circuit-breaker"]["mode"] ?? "enforce"),
  );
  expect(modes).toEqual(["shadow", undefined, undefined, "enforce"]);
});

test("an upstream: nodes with APISIX's order of priorities, IPv6 in brackets", () => {
  const { upstreams } = apisixYaml(`
upstreams:
  one:
    protocol: https
    targets: ["[::1]:443", { host: spare.example, port: 443, weight: 3, priority: 2 }]
    retries: { attempts: 2 }
    keepalive: { connections: 7, idle_seconds: 9 }
routes: [{ name: all, path: /, upstream: one }]
`);
  expect(upstreams[0]).toMatchObject({
    id: "one",
    type: "roundrobin",
    scheme: "https",
    nodes: [
      { host: "[::1]", port: 443, weight: 1, priority: 0 },
      { host: "spare.example", port: 443, weight: 3, priority: -2 },
    ],
    retries: 2,
    keepalive_pool: { size: 7, idle_timeout: 9 },
    pass_host: "pass",
  });
});

test("a prefix is cut off by proxy-rewrite, a limit of its own is set by client-control", () => {
  const { routes } = apisixYaml(`
upstreams: { one: { targets: ["10.0.0.1:80"] } }
routes: [{ name: v1, path: /api/v1.0, upstream: one, strip_prefix: true, max_body: 5 }]
`);
  const { "proxy-rewrite": rewrite, "client-control": control } = routes[0]?.plugins ?? {};
  const [pattern = "", replacement] = rewrite?.["regex_uri"] as string[];
  const cut = new RegExp(pattern.replace("(?s)", ""), "s");
  expect(["/api/v1.0", "/api/v1.0/", "/api/v1.0/x/y"].map((path) => path.replace(cut, replacement ?? ""))).toEqual([
    "/",
    "/",
    "/x/y",
  ]);
  expect(control).toEqual({ max_body_size: 5 });
});

test("config.yaml: the default plugins and ours in the order they run, the dicts, the trusted proxies", () => {
  const files = render(`${SMALL}trusted_proxies: [10.0.0.0/8]\nshared_memory: { autoscale: 3m }\nmax_body: 0\n`);
  const config = parse(files.get("config.yaml") ?? "", { version: "1.1" }) as {
    plugins: string[];
    nginx_config: object;
  };
  expect(config.plugins).toEqual(expect.arrayContaining(Object.keys(DEFAULT_PLUGINS)));
  const at = config.plugins.indexOf("circuit-breaker");
  expect([config.plugins[at - 1], config.plugins[at + 1]]).toEqual(["proxy-rewrite", "workflow"]);
  expect(config.nginx_config).toEqual({
    http: {
      custom_lua_shared_dict: {
        autoscale: "3m",
        autoscale_limits: "16m",
        autoscale_metrics: "32m",
        autoscale_upstreams: "8m",
      },
      client_max_body_size: 0,
      real_ip_header: "X-Forwarded-For",
      real_ip_recursive: "on",
      real_ip_from: ["127.0.0.1", "unix:", "10.0.0.0/8"],
    },
  });
});

test("INSTALL.md names this build's plugins and dicts", () => {
  const text = render(SMALL).get("INSTALL.md") ?? "";
  for (const part of ["`- circuit-breaker`", "`autoscale: 16m`", "/usr/local/autoscale/?.lua", "1007"]) {
    expect(text).toContain(part);
  }
});

test("no stock plugin shares its priority with another or with one of APISIX's", () => {
  expect(ties(planSample(SMALL))).toEqual([]);
});

test("a priority that is taken is noticed", () => {
  const plan = planSample(SMALL);
  const [name, manifest] = [...plan.manifests][0] ?? [];
  if (name === undefined || manifest === undefined) throw new Error("no plugin");
  const taken = OPTIONAL_PLUGINS["node-status"] ?? 0;
  const tied = { ...manifest, priority: { ...manifest.priority, apisix: taken } };
  expect(ties({ ...plan, manifests: new Map([[name, tied]]) })).toEqual([name]);
});

test.each([
  [
    "a method that APISIX's schema has not",
    `upstreams: { one: { targets: ["10.0.0.1:80"] } }\nroutes: [{ name: dav, path: /, upstream: one, methods: [PROPFIND] }]`,
    /E_APISIX_METHOD routes\.dav\.methods: found PROPFIND/,
  ],
  [
    "a variable of APISIX's environment",
    `upstreams: { one: { targets: ["10.0.0.1:80"] } }\nroutes: [{ name: all, path: /, upstream: one, plugins: { circuit-breaker: { fallback: { body: "$$\{{HOME}}" } } } }]`,
    /E_APISIX_VALUE/,
  ],
])("refused: %s", (_name, text, message) => {
  expect(() => render(text)).toThrow(message);
});

test("what is not done, or in part, is told with its place", () => {
  const told = warnings(`
listen: [{ port: 443, tls: { certificate: certs/site.pem, key: certs/site.key } }]
upstreams:
  one:
    protocol: https
    targets: ["one.example:443"]
    retries: { on: [connect, 502], timeout_seconds: 1 }
    keepalive: { connections: 0 }
routes:
  - { name: host, hosts: [a.example], path: /, upstream: one }
  - { name: hidden, path: /users, upstream: one }
nginx: { http: ["gzip on;"] }
`);
  expect(told).toEqual([
    "upstreams.one.retries",
    "upstreams.one.retries.timeout_seconds",
    "upstreams.one.keepalive.connections",
    "upstreams.one",
    "routes.hidden",
    "listen[0].tls",
    "nginx.http",
  ]);
  expect(warnings(SMALL)).toEqual([]);
});

describe("peers that the plugin picks", () => {
  const DYNAMIC = `
trusted_ca: certs/site.pem
upstreams:
  found: { discovery: { consul: { address: "https://127.0.0.1:8501", service: found } } }
  listed: { targets: ["10.0.0.1:80"], balance: { policy: peak-ewma } }
  plain: { targets: ["10.0.0.2:80"] }
routes:
  - { name: found, path: /found, upstream: found }
  - { name: listed, path: /listed, upstream: listed }
  - { name: again, path: /again, upstream: listed }
  - { name: plain, path: /plain, upstream: plain }
`;

  test("have it on every route to them, with its whole configuration", () => {
    const { routes } = apisixYaml(DYNAMIC);
    const configs = routes.map(({ plugins }) => plugins["dynamic-upstreams"]);
    expect(configs).toMatchObject([
      { targets: [], discovery: { consul: { service: "found", wait_seconds: 60 } } },
      { targets: [{ host: "10.0.0.1" }], balance: { policy: "peak-ewma", decay_seconds: 10 } },
      { balance: { policy: "peak-ewma" } },
      undefined,
    ]);
  });

  test("stand behind a node that nothing is sent to, where discovery alone finds them", () => {
    const nodes = apisixYaml(DYNAMIC).upstreams.map((upstream) => upstream["nodes"]);
    expect(nodes).toMatchObject([[{ host: "0.0.0.1" }], [{ host: "10.0.0.1" }], [{ host: "10.0.0.2" }]]);
    expect(render(DYNAMIC).get("apisix.yaml")).toContain("# Nothing is ever sent to 0.0.0.1");
    expect(render(SMALL).get("apisix.yaml")).not.toContain('"0.0.0.1"');
  });

  test("are looked for with the authorities of gateway.yaml", () => {
    const config = parse(render(DYNAMIC).get("config.yaml") ?? "") as { apisix: { ssl: unknown } };
    expect(config.apisix.ssl).toEqual({ ssl_trusted_certificate: "/site/certs/site.pem" });
    expect(render(SMALL).get("config.yaml")).not.toContain("ssl_trusted_certificate");
  });
});
