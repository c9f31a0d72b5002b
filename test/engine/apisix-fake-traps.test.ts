/** What APISIX does to plugins and other hosts do not; docs/apisix.md lists it. */
import { expect, onTestFinished, test } from "vitest";
import { apisixFakeForTest, type ApisixFake, type ApisixFakeOptions } from "../harness/apisix-fake/start.ts";
import { PROBE_FILES } from "../conformance/host-probe.ts";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { TOUCHY } from "../harness/breaker-gateway.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

interface Item {
  readonly id: string;
  readonly plugins: Record<string, Record<string, unknown>>;
}

function routeOf(apisix: Record<string, unknown>, id: string): Item {
  const found = (apisix["routes"] as Item[]).find((route) => route.id === id);
  if (found === undefined) throw new Error(`no route ${id}`);
  return found;
}

/** Appends to the answer's header what it remembers; whoever shares its memory shows up there. */
const COUNTER = `import type { Create } from "autoscale-lua";

interface Config { readonly at?: string }

export const create: Create<Config> = (config, host) => ({
  access(context) {
    const before = context.recall("count");
    context.remember("count", before === undefined ? 1 : (before as number) + 1);
    return undefined;
  },
  header_filter(context) {
    context.setResponseHeader("X-" + (config.at ?? "none"), tostring(context.recall("count")) + " " + host.place.route);
  },
});
`;

/** Counts its timer's turns over all workers, and its instances that did not end. */
const TICKER = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  const store = host.store("autoscale");
  host.timer.every(0.1, () => { store.incr("ticks", 1, 0, 0); });
  store.incr("alive", 1, 0, 0);
  return {
    access() { return undefined; },
    metrics(emit) {
      const ticks = store.get("ticks");
      emit("gateway_ticks", "gauge", "Turns of the timer.", {}, typeof ticks === "number" ? ticks : 0);
      const alive = store.get("alive");
      emit("gateway_alive", "gauge", "Instances that did not end.", {}, typeof alive === "number" ? alive : 0);
    },
    end() { store.incr("alive", -1, 0, 0); },
  };
};
`;

const FILES = {
  ...PROBE_FILES,
  ...customPlugin("counter", ["access", "header_filter"], COUNTER, 40),
  ...customPlugin("ticker", ["access"], TICKER, 30),
};

interface Stage {
  readonly fake: ApisixFake;
  readonly backend: Backend;
}

async function stage(routes: Readonly<Record<string, object>>, options: ApisixFakeOptions = {}): Promise<Stage> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  const fake = await apisixFakeForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
      routes: Object.entries(routes).map(([name, more]) => ({ name, path: `/${name}`, upstream: "one", ...more })),
    },
    { files: FILES, ...options },
  );
  return { fake, backend };
}

const guarded = { plugins: { "circuit-breaker": TOUCHY } };

async function statusOf({ fake }: Stage, path: string): Promise<number> {
  return (await send(`${fake.url}${path}`)).status;
}

async function trip(stage: Stage, path: string): Promise<void> {
  stage.backend.respond = answering(500);
  await eventually("the breaker trips", async () => (await statusOf(stage, path)) === 503);
}

describeWithEngine("APISIX fake: traps", () => {
  test("APISIX fake: a missing shared dict refuses the configuration with the line to add; other routes stay", async () => {
    const made = await stage({ guarded, plain: {} }, { dicts: false });
    expect([await statusOf(made, "/guarded"), await statusOf(made, "/plain")]).toEqual([404, 200]);
    const log = await made.fake.logs();
    expect(log).toContain(
      'err: E_DICT_MISSING: plugin "circuit-breaker" needs the shared dict "autoscale" - ' +
        "add to conf/config.yaml under nginx_config.http.custom_lua_shared_dict: autoscale: 16m",
    );
    expect(log).not.toContain("[alert]");
  });

  test("APISIX fake: a refused configuration says why in words, and drops its route alone", async () => {
    const made = await stage(
      { typed: guarded, crossed: guarded, unknown: guarded, fine: guarded },
      {
        edit: (apisix) => {
          routeOf(apisix, "typed").plugins["circuit-breaker"] = { failure_rate: "half" };
          const counted = { window: { type: "count", seconds: 10, calls: 5 }, minimum_calls: 6 };
          routeOf(apisix, "crossed").plugins["circuit-breaker"] = counted;
          routeOf(apisix, "unknown").plugins["circuit-breaker"] = { failure_rates: 5 };
        },
      },
    );
    const found = [];
    for (const name of ["typed", "crossed", "unknown", "fine"]) found.push(await statusOf(made, `/${name}`));
    expect(found).toEqual([404, 404, 404, 200]);
    const log = await made.fake.logs();
    expect(log).toContain('property "failure_rate" validation failed: wrong type: expected number, got string');
    expect(log).toContain("err: minimum_calls is above window.calls");
    expect(log).toContain("additional properties forbidden, found failure_rates");
  });

  test("APISIX fake: defaults are filled in, and _meta, which APISIX adds to the schema late, is taken", async () => {
    const made = await stage(
      { guarded },
      {
        edit: (apisix) => {
          const _meta = { disable: false, error_response: { error_msg: "later" } };
          routeOf(apisix, "guarded").plugins["circuit-breaker"] = {
            minimum_calls: 4,
            adapt: { pressure: false },
            _meta,
          };
        },
      },
    );
    expect(await statusOf(made, "/guarded")).toBe(200);
    await trip(made, "/guarded");
    const answer = await send(`${made.fake.url}/guarded`);
    // Another body than ours: its length must be its own.
    expect([answer.status, answer.body]).toEqual([503, '{"error_msg":"later"}\n']);
    expect(await made.fake.logs()).not.toContain("[error]");
  });

  test("APISIX fake: the privileged agent checks configurations and starts no timer", async () => {
    const { fake } = await stage({ guarded });
    const log = await fake.logs();
    expect(log.match(/fake privileged agent started timers: \d+/g)).toEqual(
      Array(2).fill("fake privileged agent started timers: 0"),
    );
  });

  test("APISIX fake: a reload of plugins keeps the state, and one timer of each instance", async () => {
    const made = await stage({ guarded, ticking: { plugins: { ticker: {} } } });
    await trip(made, "/guarded");
    const ticks = async (): Promise<number> => {
      // Requests first: instances are made by them, in each worker.
      for (let index = 0; index < 30; index++) await statusOf(made, "/ticking");
      const { body } = await made.fake.control("/v1/plugin/ticker/metrics");
      const before = metric(body, "gateway_ticks") ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return (metric((await made.fake.control("/v1/plugin/ticker/metrics")).body, "gateway_ticks") ?? 0) - before;
    };
    await ticks();
    for (let times = 0; times < 3; times++) await made.fake.reloadPlugins();
    const counted = await ticks();
    // Ten a second in each of two workers, on a machine that may be busy.
    expect(counted).toBeGreaterThan(5);
    expect(counted).toBeLessThan(30);
    // Each that ended was told, once.
    const alive = metric((await made.fake.control("/v1/plugin/ticker/metrics")).body, "gateway_alive");
    expect([1, 2]).toContain(alive);
    expect(await statusOf(made, "/guarded")).toBe(503);
    expect(await made.fake.logs()).not.toContain("[error]");
  });

  test("APISIX fake: a global rule works on every route under the route's name; a route's own takes its place", async () => {
    const made = await stage(
      { first: {}, second: {}, own: { plugins: { counter: { at: "own" } } } },
      { edit: (apisix) => (apisix["global_rules"] = [{ id: "g", plugins: { counter: { at: "all" } } }]) },
    );
    const headersOf = async (path: string) => {
      const { headers } = await send(`${made.fake.url}${path}`);
      return [headers["x-all"], headers["x-own"]];
    };
    for (let index = 0; index < 6; index++) {
      expect(await headersOf("/first")).toEqual(["1 first", undefined]);
      expect(await headersOf("/second")).toEqual(["1 second", undefined]);
      expect(await headersOf("/own")).toEqual([undefined, "1 own"]);
    }
    expect(await statusOf(made, "/nowhere")).toBe(404);
  });

  test("APISIX fake: run twice in one request, a plugin has two memories", async () => {
    const made = await stage(
      { own: { plugins: { counter: { at: "own" } } } },
      {
        edit: (apisix) =>
          (apisix["global_rules"] = [{ id: "g", run_twice: true, plugins: { counter: { at: "all" } } }]),
      },
    );
    for (let index = 0; index < 6; index++) {
      const { headers } = await send(`${made.fake.url}/own`);
      expect([headers["x-all"], headers["x-own"]]).toEqual(["1 own", "1 own"]);
    }
  });

  test("APISIX fake: paths, prefixes that are cut off, methods and regexes as gateway.yaml says", async () => {
    const { fake, backend } = await stage({
      exact: { path: "= /users/exact" },
      cut: { path: "/users", strip_prefix: true },
      digits: { path: "~ ^/users/[0-9]+$" },
      post: { path: "/users/form", methods: ["POST"] },
      form: { path: "/users/form" },
    });
    const probe = async (path: string, method = "GET"): Promise<string | undefined> => {
      await send(`${fake.url}${path}`, { method });
      return backend.arrived.at(-1)?.url;
    };
    expect(await probe("/users")).toBe("/");
    expect(await probe("/users/a/b?c=1")).toBe("/a/b?c=1");
    expect(await probe("/users/exact")).toBe("/users/exact");
    expect(await probe("/users/17")).toBe("/users/17");
    expect(await probe("/users/form", "POST")).toBe("/users/form");
    expect((await send(`${fake.url}/users2`)).status).toBe(404);
  });
});
