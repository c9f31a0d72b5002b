import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { prepare, type Bundle } from "../../cli/build/pipeline.ts";
import type { RoutePath } from "../../cli/build/model.ts";
import type { PlannedRoute } from "../../cli/build/target.ts";
import { templateRenderer } from "../../cli/build/templates.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { freshStockLua } from "../../test/harness/stock-lua.ts";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import { routeMatch } from "./route-match.ts";
import target from "./target.ts";

const template = templateRenderer(new URL("./", import.meta.url));

function render(text: string): (path: string) => string {
  const files = target.render(planSample(text), template, []);
  return (path) => files.get(path) ?? `no ${path} among ${[...files.keys()].join(", ")}`;
}

const HEAD = "listen: [{ port: 8080 }]\n";
const ONE = `${HEAD}upstreams: { one: { targets: ["127.0.0.1:9000"] } }\n`;

type Entity = Record<string, unknown>;
interface Document {
  readonly services: readonly (Entity & { plugins?: readonly Entity[] })[];
  readonly routes: readonly (Entity & { plugins: readonly { config: Entity }[] })[];
  readonly upstreams: readonly Entity[];
}

/** As Kong reads it: YAML 1.1. */
const kongYml = (text: string): Document => parse(render(text)("kong.yml"), { version: "1.1" }) as Document;

const planned = (path: RoutePath): PlannedRoute => ({ route: { path } }) as PlannedRoute;

test.each([
  ["prefix", "/", ["/"]],
  ["prefix", "/users", ["~/users$", "/users/"]],
  ["prefix", "/users/", ["/users/"]],
  ["prefix", "/a.b+c", ["~/a\\.b\\+c$", "/a.b+c/"]],
  ["exact", "/users", ["~/users$"]],
  ["exact", "/a(b)", ["~/a\\(b\\)$"]],
  ["regex", "^/users/[0-9]+$", ["~/users/[0-9]+$"]],
] as const)("a %s path %s is %j for Kong", (kind, value, paths) => {
  const route = planned({ kind, value });
  expect(routeMatch([route], route).paths).toEqual(paths);
});

test("exact paths go before regexes, and those in the order they are written", () => {
  const routes = [
    planned({ kind: "regex", value: "^/a" }),
    planned({ kind: "exact", value: "/a" }),
    planned({ kind: "regex", value: "^/b" }),
  ];
  const priorities = routes.map((route) => routeMatch(routes, route).regex_priority);
  expect(priorities).toEqual([2, 1_000_000, 1]);
});

test("names that YAML 1.1 takes for something else stay names, and text stays text", () => {
  const body = "}\\n- evil: 1\\n# $HOME {{x}} ]]";
  const { routes } = kongYml(`${ONE}routes:
  - { name: off, path: /off, upstream: one }
  - name: "1.2"
    path: /x
    upstream: one
    plugins: { circuit-breaker: { fallback: { body: "${body}" } } }
`);
  expect(routes.map(({ name }) => name)).toEqual(["off", "1.2"]);
  expect(routes[1]?.plugins[0]?.config).toMatchObject({
    mode: "enforce",
    fallback: { body: "}\n- evil: 1\n# $HOME {{x}} ]]" },
  });
});

test("a Service never has an address as its host, and its times are milliseconds", () => {
  const { services, upstreams } = kongYml(`${HEAD}upstreams:
  one: { targets: ["127.0.0.1:9000", { host: "::1", port: 9001, weight: 3 }], timeouts: { connect: 0.5, read: 2 } }
routes:
  - { name: a, path: /a, upstream: one }
  - { name: b, path: /b, upstream: one, timeouts: { read: 7 } }
`);
  expect(services).toMatchObject([
    { name: "one", host: "one", connect_timeout: 500, read_timeout: 2000, retries: 1 },
    { name: "one~b", host: "one", connect_timeout: 500, read_timeout: 7000 },
  ]);
  expect(upstreams).toMatchObject([
    {
      name: "one",
      targets: [
        { target: "127.0.0.1:9000", weight: 1 },
        { target: "[::1]:9001", weight: 3 },
      ],
    },
  ]);
});

test("routes name a Service that is there, and ids differ", () => {
  const { services, routes } = kongYml(`${ONE}routes:
  - { name: a, path: /a, upstream: one }
  - { name: b, path: /b, upstream: one, timeouts: { read: 7 }, methods: [GET], hosts: ["*.example.com"] }
`);
  const known = services.map(({ id }) => id);
  expect(routes.map(({ service }) => known.indexOf((service as { id: string }).id))).toEqual([0, 1]);
  expect(new Set([...known, ...routes.map(({ id }) => id)]).size).toBe(4);
  expect(routes[1]).toMatchObject({
    methods: ["GET"],
    hosts: ["*.example.com"],
    preserve_host: true,
    strip_path: false,
  });
});

test("an upstream whose name could be an address is refused", () => {
  const text = `${HEAD}upstreams: { "10.0.0.1": { targets: ["127.0.0.1:9000"] } }
routes: [{ name: a, path: /a, upstream: "10.0.0.1" }]\n`;
  expect(() => render(text)).toThrow(/upstreams\.10\.0\.0\.1.*E_KONG_NAME|E_KONG_NAME/s);
});

test("our plugin is on every Service that leads to peers it picks", () => {
  const { services, upstreams } = kongYml(`${HEAD}upstreams:
  one: { targets: ["127.0.0.1:9000"], balance: { policy: peak-ewma } }
  two: { protocol: grpc, discovery: { dns: { name: two.internal, port: 80 } } }
  asked: { targets: ["127.0.0.1:9001"] }
  plain: { targets: ["127.0.0.1:9002"] }
routes:
  - { name: a, path: /a, upstream: one }
  - { name: b, path: /b, upstream: one, timeouts: { read: 7 } }
  - { name: c, path: /c, upstream: two }
  - { name: d, path: /d, upstream: asked, plugins: { circuit-breaker: { scope: peer } } }
  - { name: e, path: /e, upstream: plain }
`);
  const plugins = services.map(({ plugins: [plugin] = [] }) => plugin);
  expect(services.map(({ name }) => name)).toEqual(["one", "two", "asked", "plain", "one~b"]);
  expect(plugins).toMatchObject([
    { name: "dynamic-upstreams", protocols: ["http", "https"], config: { balance: { policy: "peak-ewma" } } },
    { protocols: ["grpc", "grpcs"], config: { mode: "enforce", discovery: { dns: { name: "two.internal" } } } },
    { config: { targets: [{ host: "127.0.0.1", port: 9001 }] } },
    undefined,
    { config: { balance: { policy: "peak-ewma" } } },
  ]);
  expect(new Set(plugins.map((plugin) => plugin?.id)).size).toBe(5);
  expect(upstreams.map(({ targets }) => (targets as object[]).length)).toEqual([1, 0, 1, 1]);
});

test("authorities of gateway.yaml stand beside those of the system", () => {
  const env = render(`${ONE}trusted_ca: certs/site.pem\nroutes: [{ name: a, path: /a, upstream: one }]\n`)("kong.env");
  expect(env).toContain("\nKONG_LUA_SSL_TRUSTED_CERTIFICATE=system,/site/certs/site.pem\n");
  expect(env).toContain("\nKONG_LUA_SSL_VERIFY_DEPTH=3\n");
});

test("several shared dicts are written into Kong's one setting", () => {
  const env = render(`${ONE}shared_memory: { autoscale: 16m, second: 1m }
trusted_proxies: [10.0.0.0/8]
routes: [{ name: a, path: /a, upstream: one }]\n`)("kong.env");
  const dicts = [
    "autoscale 16777216",
    "lua_shared_dict autoscale_limits 16777216",
    "lua_shared_dict autoscale_metrics 33554432",
    "lua_shared_dict autoscale_upstreams 8388608",
    "lua_shared_dict second 1048576",
  ].join("; ");
  expect(env).toContain(`\nKONG_NGINX_HTTP_LUA_SHARED_DICT=${dicts}\n`);
  expect(env).toContain("\nKONG_TRUSTED_IPS=10.0.0.0/8\n");
  expect(env).toContain(
    "\nKONG_PLUGINS=bundled,adaptive-concurrency,adaptive-rate-limit,circuit-breaker,dynamic-upstreams,endpoint-metrics\n",
  );
});

test("what Kong does not do is told where it is asked for", async () => {
  const text = `${HEAD}upstreams:
  one:
    targets: ["127.0.0.1:9000", { host: 127.0.0.2, port: 9000, priority: 1 }]
    retries: { on: [connect, 503] }
  other: { discovery: { dns: { name: other.internal, port: 80 } } }
routes:
  - { name: a, path: /a, upstream: one, max_body: 1k, plugins: { circuit-breaker: { fallback: { upstream: other } } } }
`;
  const folder = temporaryFiles({ "gateway.yaml": text });
  const { warnings } = await prepare({
    file: join(folder, "gateway.yaml"),
    cwd: folder,
    env: {},
    targets: ["kong"],
    luaFolder: freshStockLua("kong"),
  });
  const told = warnings.filter(({ code }) => code === "W_TARGET_LIMIT").map(({ path }) => path);
  expect(told).toEqual(
    expect.arrayContaining(["routes.a.plugins.circuit-breaker", "routes.a", "upstreams.one", "access_log"]),
  );
});

async function bundleOf(text: string): Promise<Bundle> {
  const folder = temporaryFiles({ "gateway.yaml": text });
  const options = { file: join(folder, "gateway.yaml"), cwd: folder, env: {}, luaFolder: freshStockLua("kong") };
  const [bundle] = (await prepare({ ...options, targets: ["kong"] })).bundles;
  if (bundle === undefined) throw new Error("no bundle");
  return bundle;
}

test("every file that a plugin requires is in its rock, in the ConfigMaps and in the bundle; twice the same", async () => {
  const text = `${ONE}routes: [{ name: a, path: /a, upstream: one, plugins: { circuit-breaker: {} } }]\n`;
  const [bundle, again] = [await bundleOf(text), await bundleOf(text)];
  expect(again.files).toEqual(bundle.files);
  const rock = bundle.files.get("kong-plugin-circuit-breaker-0.1.0-1.rockspec") ?? "";
  const listed = new Map(
    [...rock.matchAll(/\["([^"]+)"\] = "([^"]+\.lua)"/g)].map(([, name = "", path = ""]) => [name, path]),
  );
  const needed = [...listed.values()].flatMap((path) => {
    const lua = bundle.files.get(path) ?? `require("missing ${path}")`;
    return [...lua.matchAll(/require\("((?:autoscale\.|missing)[^"]*)"\)/g)].map(([, name = ""]) => name);
  });
  // handler.lua names the plugin's own module as text.
  expect([...listed.keys()]).toContain("autoscale.plugins.circuit-breaker.plugin");
  expect(needed.length).toBeGreaterThan(20);
  expect([...new Set(needed)].filter((name) => !listed.has(name))).toEqual([]);
  const values = bundle.files.get("values.yaml") ?? "";
  const kustomization = bundle.files.get("kustomization.yaml") ?? "";
  for (const [name, path] of listed) {
    if (!name.startsWith("autoscale.")) continue;
    expect(values).toContain(`"${name}.lua"`);
    expect(kustomization).toContain(`"${name}.lua=${path}"`);
  }
});

test("no ConfigMap is larger than what kubectl can apply", async () => {
  const { files } = await bundleOf(`${ONE}routes: [{ name: a, path: /a, upstream: one }]\n`);
  const { configMapGenerator: maps } = parse(files.get("kustomization.yaml") ?? "") as {
    configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  };
  const shared = maps.filter(({ name }) => name.startsWith("autoscale-lua-"));
  expect(shared.length).toBeGreaterThan(1);
  for (const map of maps) {
    const texts = map.files.map((entry) => files.get(entry.replace(/^.*=/, "")) ?? "");
    expect(JSON.stringify(texts).length, map.name).toBeLessThan(200 * 1024);
  }
});
