import { describe, expect, test } from "vitest";
import { definePlugin, schema as s, type Manifest } from "../../plugins/_kit/index.ts";
import { parseSample } from "../../test/harness/gateway-sample.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { AutoscaleError, type Problem } from "../errors.ts";
import { upstreamPlugin } from "./load/index.ts";
import { Planner } from "./plan.ts";
import { stockPlugins } from "./registry.ts";

const UPSTREAMS = 'upstreams:\n  one: { targets: ["10.0.0.1:80"] }\n  two: { targets: ["10.0.0.2:80"] }\n';

/** Line 5 is the first of `routes`. */
const routes = (text: string): string => `${UPSTREAMS}routes:\n${text}`;

function problemsOf(text: string): readonly Problem[] {
  try {
    planSample(text);
  } catch (error) {
    if (error instanceof AutoscaleError) return error.problems;
    throw error;
  }
  return [];
}

describe("a plugin's configuration", () => {
  test("an unknown plugin is told at its name, with the nearest one", () => {
    const text = routes("  - name: a\n    upstream: one\n    plugins:\n      circuit-braker: {}\n");
    expect(problemsOf(text)).toEqual([
      {
        code: "E_PLUGIN_UNKNOWN",
        file: "gateway.yaml",
        line: 8,
        column: 7,
        path: "routes[0].plugins.circuit-braker",
        message: expect.stringContaining('found plugin "circuit-braker", allowed: ') as string,
        remedy: "Did you mean circuit-breaker?",
      },
    ]);
  });

  test("one that is like none is told where plugins of one's own are named", () => {
    const [problem] = problemsOf(routes("  - { name: a, upstream: one, plugins: { zzz: {} } }\n"));
    expect(problem?.remedy).toContain("custom_plugins");
  });

  test("a wrong value is told at its place, a wrong key at the key", () => {
    const text = routes(
      "  - name: a\n    upstream: one\n    plugins:\n      circuit-breaker:\n        failure_rate: 500\n        failure_statues: []\n",
    );
    expect(problemsOf(text)).toMatchObject([
      { code: "E_CONFIG_RANGE", line: 9, column: 23, path: "routes[0].plugins.circuit-breaker.failure_rate" },
      { code: "E_CONFIG_UNKNOWN_KEY", line: 10, column: 9, remedy: "Did you mean failure_statuses?" },
    ]);
  });

  test("all problems of all routes are told together", () => {
    const plugin = "plugins: { circuit-breaker: { scope: nowhere } }";
    const text = routes(
      `  - { name: a, upstream: one, ${plugin} }\n  - { name: b, path: /b, upstream: one, ${plugin} }\n`,
    );
    expect(problemsOf(text).map(({ line }) => line)).toEqual([5, 6]);
  });

  test("what only two fields together show is told at the plugin", () => {
    const plugin = "circuit-breaker: { fallback: { redirect: /sorry, upstream: two } }";
    const [problem, ...others] = problemsOf(routes(`  - { name: a, upstream: one, plugins: { ${plugin} } }\n`));
    expect(problem).toMatchObject({ code: "E_CONFIG_CHECK", line: 5, path: "routes[0].plugins.circuit-breaker" });
    expect(others).toEqual([]);
  });

  test("an upstream it names must be there", () => {
    const plugin = "circuit-breaker: { fallback: { upstream: tow } }";
    expect(problemsOf(routes(`  - { name: a, upstream: one, plugins: { ${plugin} } }\n`))).toMatchObject([
      { code: "E_UPSTREAM_UNKNOWN", message: 'found upstream "tow", allowed: one, two', remedy: "Did you mean two?" },
    ]);
  });

  test("of a plugin of the whole gateway a problem is told once, however many routes there are", () => {
    const text = `${routes("  - { name: a, upstream: one }\n  - { name: b, path: /b, upstream: two }\n")}plugins:
  circuit-breaker: { minimum_calls: many }\n`;
    expect(problemsOf(text)).toMatchObject([{ line: 8, path: "plugins.circuit-breaker.minimum_calls" }]);
  });
});

describe("autoscaling of an upstream", () => {
  const metrics = (config: string): string => `plugins: { endpoint-metrics: ${config} }`;
  const two = (first: string, second: string): string =>
    routes(`  - { name: a, upstream: one, ${first} }\n  - { name: b, path: /b, upstream: one, ${second} }\n`);

  test("is asked for alike by all routes to it", () => {
    const problems = problemsOf(two(metrics("{ autoscale: { target: 5 } }"), metrics("{ autoscale: { target: 6 } }")));
    expect(problems).toMatchObject([{ code: "E_STATE_CONFLICT" }]);
  });

  test("leaves the rest of the configuration to each route", () => {
    const same = "autoscale: { target: 5 }";
    expect(problemsOf(two(metrics(`{ ${same} }`), metrics(`{ ${same}, max_series: 20 }`)))).toEqual([]);
  });
});

describe("limits that routes share", () => {
  const limit = (config: string): string => `plugins: { adaptive-rate-limit: ${config} }`;
  const two = (first: string, second: string): string =>
    routes(
      `  - { name: a, upstream: one, ${limit(first)} }\n  - { name: b, path: /b, upstream: two, ${limit(second)} }\n`,
    );

  test.each([
    ["the limit", "{ shared: api, limit: 5 }", "{ shared: api, limit: 6 }"],
    ["what clients are told apart by", "{ shared: api }", "{ shared: api, key: [consumer] }"],
    ["where the state lies", "{ shared: api }", '{ shared: api, store: { redis: { url: "redis://r" } } }'],
    ["how many gateways there are", "{ shared: api }", "{ shared: api, replicas: 2 }"],
    ["the limit of a further policy", "{ also: [{ name: x, shared: api }] }", "{ shared: api, limit: 6 }"],
  ])("must be alike in %s; both routes are named", (_what, first, second) => {
    expect(problemsOf(two(first, second))).toMatchObject([
      {
        code: "E_STATE_CONFLICT",
        line: 6,
        message: 'route "b" shares limit:api with the one at line 5 (route "a"), but is configured otherwise',
      },
    ]);
  });

  test.each([
    ["the same limit", "{ shared: api, limit: 5 }", "{ shared: api, limit: 5 }"],
    ["another cost, name and place", "{ shared: api }", "{ limit: 9, also: [{ name: x, shared: api, cost: 5 }] }"],
    ["limits of their own", "{ limit: 5 }", "{ limit: 6 }"],
    ["other names", "{ shared: api, limit: 5 }", "{ shared: web, limit: 6 }"],
  ])("may have %s", (_what, first, second) => {
    expect(problemsOf(two(first, second))).toEqual([]);
  });
});

describe("state that instances share", () => {
  const breaker = (failureRate: number, scope = "upstream"): string => {
    return `plugins: { circuit-breaker: { scope: ${scope}, failure_rate: ${String(failureRate)} } }`;
  };
  const two = (first: string, second: string, upstream = "one"): string => {
    return routes(
      `  - { name: a, upstream: one, ${first} }\n  - { name: b, path: /b, upstream: ${upstream}, ${second} }\n`,
    );
  };

  test("must be configured alike", () => {
    expect(problemsOf(two(breaker(40), breaker(60)))).toMatchObject([
      {
        code: "E_STATE_CONFLICT",
        line: 6,
        message: expect.stringContaining("upstream:one with the one at line 5") as string,
      },
    ]);
  });

  test.each([
    ["the same configuration", two(breaker(40), breaker(40))],
    ["other upstreams", two(breaker(40), breaker(60), "two")],
    ["a scope of their own", two(breaker(40, "route"), breaker(60, "route"))],
    ["one of them off", two(breaker(40), breaker(60).replace("{ scope", '{ mode: "off", scope'))],
  ])("%s is fine", (_title, text) => {
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("what a plan holds", () => {
  const plain = (name: string, priority: number, more: Partial<Manifest> = {}): Manifest => ({
    ...definePlugin({
      name,
      version: "1.0.0",
      description: "A plugin made for a test.",
      priority: { openresty: priority, kong: 1, apisix: 1 },
      phases: ["access"],
      dicts: ["autoscale"],
      config: s.record({ size: s.integer({ default: 3, description: "How large it is." }) }),
    }),
    ...more,
  });

  function planOf(plugins: string, manifests: readonly Manifest[]) {
    const text = `${UPSTREAMS}routes: [{ name: a, upstream: one, plugins: ${plugins} }]\n`;
    const { gateway, locate } = parseSample(text);
    const { routes: planned, warnings } = new Planner(
      gateway,
      new Map(manifests.map((one) => [one.name, one])),
      locate,
    ).plan();
    return { plugins: planned[0]?.plugins ?? [], warnings };
  }

  test("defaults filled in, mode taken out, and what the target needs to know", () => {
    const { plugins } = planOf("{ one: {}, two: { size: 5, mode: shadow } }", [plain("one", 2), plain("two", 1)]);
    expect(plugins).toEqual([
      {
        name: "one",
        module: "autoscale.plugins.one.plugin",
        shadow: false,
        phases: ["access"],
        dicts: ["autoscale"],
        config: { size: 3 },
        upstreams: [],
      },
      expect.objectContaining({ name: "two", shadow: true, config: { size: 5 } }),
    ]);
  });

  test("plugins in the order of their priority, as written where that is equal; off ones are left out", () => {
    const manifests = [plain("low", 1), plain("same", 5), plain("also", 5), plain("high", 9), plain("off", 7)];
    const { plugins } = planOf('{ low: {}, same: {}, off: { mode: "off" }, high: {}, also: {} }', manifests);
    expect(plugins.map(({ name }) => name)).toEqual(["high", "same", "also", "low"]);
  });

  test("phases that follow from the configuration are among those of the manifest", () => {
    const phasesOf = () => ["body_filter"] as const;
    expect(() => planOf("{ one: {} }", [plain("one", 1, { phases: ["log"], phasesOf })])).toThrow(
      /E_PLUGIN_MANIFEST .*phasesOf gives body_filter, which phases does not list/,
    );
  });

  test("phases may follow from the configuration", () => {
    const phasesOf = (config: Readonly<Record<string, unknown>>) => (config["size"] === 1 ? (["log"] as const) : []);
    const own = plain("one", 1, { phases: ["log"], phasesOf });
    expect(planOf("{ one: { size: 1 } }", [own]).plugins[0]?.phases).toEqual(["log"]);
    expect(planOf("{ one: {} }", [own]).plugins[0]?.phases).toEqual([]);
  });

  test("a deprecated field is a warning at its place", () => {
    const config = s.record({
      old: s.integer({ optional: true, deprecated: "use size", description: "What it was called before." }),
    });
    const { warnings } = planOf("{ one: { old: 1 } }", [plain("one", 1, { config: config as Manifest["config"] })]);
    expect(warnings).toMatchObject([
      { message: "deprecated: use size", path: "routes[0].plugins.one.old", line: 4, file: "gateway.yaml" },
    ]);
  });

  test("every stock plugin runs on a route with its defaults", async () => {
    const ofRoutes = [...(await stockPlugins()).values()].filter(({ name }) => name !== upstreamPlugin.name);
    expect(ofRoutes.length).toBeGreaterThan(1);
    for (const manifest of ofRoutes) {
      expect(planOf(`{ ${manifest.name}: {} }`, [manifest]).plugins.map(({ name }) => name)).toEqual([manifest.name]);
    }
  });
});
