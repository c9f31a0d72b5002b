import { describe, expect, test } from "vitest";
import { AutoscaleError, type Problem } from "../../cli/errors.ts";
import { planSample, renderSample } from "../../test/harness/render-sample.ts";
import target from "./target.ts";

const BALANCER = "autoscale.plugins.dynamic-upstreams.plugin";

/** Two upstreams and routes to them. */
const gateway = (one: string, routes = "", more = ""): string => `${more}
upstreams:
  one: { targets: ["127.0.0.1:9001", "one.internal:9002"], ${one} }
  two: { targets: ["127.0.0.1:9003"] }
routes:
  - { name: one, path: /one, upstream: one }
  - { name: two, path: /two, upstream: two }
${routes}`;

const fileOf = (text: string, path: string): string => renderSample(text).get(path) ?? "";
const routeOf = (text: string, id: string): string => fileOf(text, `conf/fragments/routes/${id}.conf`);

/** One location of servers.conf, by its name. */
function location(text: string, name: string): string {
  const servers = fileOf(text, "conf/fragments/servers.conf");
  const [, body = ""] = servers.split(`location ${name} {\n`);
  return body.split("\n  }\n")[0] ?? "";
}

function problemsOf(text: string): readonly Problem[] {
  try {
    renderSample(text);
  } catch (error) {
    if (error instanceof AutoscaleError) return error.problems;
    throw error;
  }
  return [];
}

describe("peers that Lua picks", () => {
  const DYNAMIC = gateway("balance: {}");

  test("cost their route a log block, and no access block", () => {
    expect(routeOf(DYNAMIC, "r1_one")).toContain("autoscale_log_r1_one()");
    expect(routeOf(DYNAMIC, "r1_one")).not.toContain("access_by_lua_block");
    expect(routeOf(DYNAMIC, "r2_two")).not.toContain("_by_lua_block");
  });

  test("have an answer of their own where there is none, for nginx's own 500 alone", () => {
    const errorPages = routeOf(DYNAMIC, "r1_one").match(/error_page.*/g);
    expect(errorPages).toEqual(["error_page 500 = @autoscale_r1_one_no_peer;"]);
    const answer = location(DYNAMIC, "@autoscale_r1_one_no_peer");
    expect(answer).toContain("autoscale_no_peer_r1_one()");
    expect(answer).toContain("autoscale_log_r1_one()");
    expect(answer).not.toContain("error_page");
    expect(routeOf(DYNAMIC, "r2_two")).not.toContain("error_page");
  });

  test("have it on a way to another upstream too", () => {
    const breaker = "plugins: { circuit-breaker: { fallback: { upstream: one } } }";
    const text = gateway("balance: {}", `  - { name: both, path: /both, upstream: two, ${breaker} }`);
    expect(routeOf(text, "r3_both")).not.toContain("error_page");
    expect(location(text, "@autoscale_r3_both_to_u1_one")).toContain("error_page 500 = @autoscale_r3_both_no_peer;");
    expect(location(text, "@autoscale_r3_both_no_peer")).toContain("autoscale_no_peer_r3_both()");
  });

  test("have it where the method chooses the route: that is an error page before", () => {
    const text = gateway("balance: {}", "  - { name: get, path: /get, upstream: one, methods: [GET] }");
    expect(location(text, '= "/get"')).toContain("recursive_error_pages on;");
    const plain = gateway("balance: {}", "  - { name: get, path: /get, upstream: two, methods: [GET] }");
    expect(location(plain, '= "/get"')).not.toContain("recursive_error_pages");
  });

  test("bring the plugin that picks, and its memory", () => {
    expect(target.luaModules(planSample(DYNAMIC))).toContain(BALANCER);
    expect(target.luaModules(planSample(gateway("health: {}")))).not.toContain(BALANCER);
    expect(fileOf(DYNAMIC, "conf/fragments/http.conf")).toContain("lua_shared_dict autoscale_upstreams 8388608;");
  });

  test("are told by name to the plugin alone: what is known of peers goes by addresses", () => {
    const settings = fileOf(DYNAMIC, "lua/autoscale/gateway.lua");
    expect(/keys = \{\s*([^}]*)\}/.exec(settings)?.[1]?.trim()).toBe('"127.0.0.1:9001",');
    expect(settings).toContain('policy = "round-robin"');
  });
});

describe("retries", () => {
  const words = (retries: string): string | undefined => {
    const route = routeOf(gateway(`retries: { ${retries} }`), "r1_one");
    return /proxy_next_upstream (.*);/.exec(route)?.[1];
  };

  test.each([
    ["", "error timeout"],
    ["on: [connect, 502]", "error http_502"],
    ["attempts: 0", "off"],
    ["on: []", "off"],
    ["methods: [GET]", "error timeout"],
    ["methods: [GET, POST]", "error timeout non_idempotent"],
    ["methods: [GET, HEAD, OPTIONS, PUT, DELETE, POST, PATCH]", "error timeout non_idempotent"],
  ])("%s are %s", (retries, expected) => {
    expect(words(retries)).toBe(expected);
  });

  test.each([
    ["methods: [GET]", true],
    ["methods: [GET, HEAD, OPTIONS, PUT, DELETE, POST]", true],
    ["methods: [GET, HEAD, OPTIONS, PUT, DELETE, POST, PATCH]", false],
    ["on: [502]", false],
  ])("%s: Lua picks the peers: %s", (retries, expected) => {
    expect(target.luaModules(planSample(gateway(`retries: { ${retries} }`))).includes(BALANCER)).toBe(expected);
  });

  test("after a status that nginx has no word for are refused", () => {
    expect(problemsOf(gateway("retries: { on: [507] }"))).toMatchObject([
      { code: "E_RETRY_ON", path: "upstreams.one.retries.on" },
    ]);
  });
});

describe("authorities", () => {
  const SOURCES = `discovery: {
    consul: { address: "https://127.0.0.1:8501", service: one },
    eureka: { address: "https://127.0.0.1/eureka", app: ONE, verify: false },
    http: { url: "http://127.0.0.1/peers" },
    also: [{ consul: { address: "https://127.0.0.2:8501", service: one } }, { http: { url: "https://127.0.0.1/peers" } }] },
    health: { active: { type: https } }`;

  test("are asked for where a certificate is checked", () => {
    expect(problemsOf(gateway(SOURCES)).map(({ code, path }) => `${code} ${path ?? ""}`)).toEqual([
      "E_TRUSTED_CA upstreams.one.discovery.consul",
      "E_TRUSTED_CA upstreams.one.discovery.http",
      "E_TRUSTED_CA upstreams.one.health.active",
    ]);
  });

  test("stand in nginx.conf once they are given", () => {
    const text = gateway(SOURCES, "", "trusted_ca: certs/site.pem");
    const http = fileOf(text, "conf/fragments/http.conf");
    expect(http).toContain('lua_ssl_trusted_certificate "/site/certs/site.pem";\nlua_ssl_verify_depth 3;\n');
    expect(fileOf(gateway("health: {}"), "conf/fragments/http.conf")).not.toContain("lua_ssl");
  });
});
