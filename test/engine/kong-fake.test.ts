/** What is Kong's own: the traps of its runloop. What every host does is in test/conformance/host-cases.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PROBE_FILES } from "../conformance/host-probe.ts";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { statusesInTurn, TOUCHY } from "../harness/breaker-gateway.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { send } from "../harness/http-request.ts";
import { startKongFake, type KongDocument, type KongFake, type KongFakeOptions } from "../harness/kong-fake.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

async function backendForTest(body = "one"): Promise<Backend> {
  const backend = await startBackend({ respond: (_arrived, response) => void response.end(body) });
  onTestFinished(() => backend.stop());
  return backend;
}

async function fakeForTest(config: Record<string, unknown>, options: KongFakeOptions = {}): Promise<KongFake> {
  const fake = await startKongFake(config, { files: PROBE_FILES, ...options });
  onTestFinished(() => fake.stop());
  return fake;
}

const guarded = (backend: Backend, plugins: object = { "circuit-breaker": TOUCHY }) => ({
  custom_plugins: ["plugins"],
  upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
  routes: [{ name: "guarded", path: "/", upstream: "one", plugins }],
});

/** Takes a plugin off its route and makes it global. */
function makeGlobal(document: KongDocument): void {
  const [route] = document.routes as { paths: string[]; plugins: Record<string, unknown>[] }[];
  document.plugins = (route?.plugins ?? []).map((plugin) => plugin);
  for (const each of document.routes) each["plugins"] = [];
}

/** Somebody's plugin, above ours, that does things to the request. */
const ANSWERING = `return { PRIORITY = 3000, VERSION = "1.0.0", access = function(self, conf)
  if ngx.var.http_x_exit then return kong.response.exit(tonumber(ngx.var.http_x_exit), "theirs") end
  if ngx.var.http_x_throw then error("theirs") end
end }`;

/** Somebody's plugin, below ours, whose log must run whatever ours does. */
const COUNTING = `return { PRIORITY = 2, VERSION = "1.0.0", log = function(self, conf)
  ngx.log(ngx.NOTICE, "their log ran for ", ngx.var.uri)
end }`;

/** Tells of the route "one" how many of its instances there are in all workers, and how many there were. */
const MORTAL = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  const store = host.store("autoscale");
  const route = host.place.route;
  const count = (what: string, change: number): void => { store.incr(what + ":" + route, change, 0, 0); };
  const shown = (what: string): number => (store.get(what + ":one") ?? 0) as number;
  count("alive", 1);
  count("made", 1);
  return {
    access() { return undefined; },
    metrics(emit) {
      emit("gateway_mortal_alive", "gauge", "Instances that did not end.", {}, shown("alive"));
      emit("gateway_mortal_made", "gauge", "Instances that began.", {}, shown("made"));
    },
    end() { count("alive", -1); },
  };
};
`;

const BUFFERING = `return { PRIORITY = 3000, VERSION = "1.0.0", access = function(self, conf)
  kong.service.request.enable_buffering()
end }`;

/** Throws whenever it is asked which peers it wants. */
const PICKY = `import type { Create } from "autoscale-lua";

export const create: Create<object> = () => ({ select_upstream() { error("thrown on purpose"); } });
`;

const useOthers = (document: KongDocument): void => {
  document.plugins = [
    { id: "1", name: "answering", config: {} },
    { id: "2", name: "counting", config: {} },
  ];
};

describeWithEngine("Kong fake: traps", () => {
  test("Kong fake: without the shared dict Kong does not start, and says what to set", async () => {
    const backend = await backendForTest();
    const starting = startKongFake(guarded(backend), { files: PROBE_FILES, withoutDict: true });
    await expect(starting).rejects.toThrow(/nginx_http_lua_shared_dict/);
  });

  test("Kong fake: without the shared dict and the schema's check, requests pass and the log says why, once", async () => {
    const backend = await backendForTest();
    const fake = await fakeForTest(guarded(backend), {
      withoutDict: true,
      workers: 1,
      schemaOf: (text) => text.replaceAll(/custom_validator = checks\.dicts\([^\n]*\),/g, ""),
    });
    expect(await statusesInTurn(5, () => send(fake.url))).toEqual([200, 200, 200, 200, 200]);
    const told = (await fake.errorLog()).split("\n").filter((line) => line.includes("E_DICT_MISSING"));
    expect(told).toHaveLength(1);
    expect((await send(`${fake.statusUrl}/autoscale/status`)).status).toBe(503);
  });

  test("Kong fake: a global configuration has one instance for each route, and none where no route matched", async () => {
    const backend = await backendForTest();
    const config = {
      ...guarded(backend),
      routes: ["a", "b"].map((name) => ({
        name,
        path: `/${name}`,
        upstream: "one",
        plugins: { "circuit-breaker": TOUCHY, probe: {} },
      })),
    };
    const fake = await fakeForTest(config, { change: makeGlobal });
    backend.respond = answering(500);
    expect((await send(`${fake.url}/nowhere`)).status).toBe(404);
    await statusesInTurn(8, () => send(`${fake.url}/a`));
    expect((await send(`${fake.url}/b`)).status).toBe(500);
    const { breakers } = JSON.parse((await send(`${fake.statusUrl}/autoscale/status`)).body) as {
      breakers: Record<string, { state: string }>;
    };
    expect([breakers["route:a"]?.state, breakers["route:b"]?.state]).toEqual(["open", "closed"]);
    expect(await fake.errorLog()).not.toMatch(/\[error\].*lua/);
  });

  test("Kong fake: what other people's plugins answer or throw above ours is nobody's failure", async () => {
    const backend = await backendForTest();
    const fake = await fakeForTest(guarded(backend), {
      others: { answering: ANSWERING, counting: COUNTING },
      change: useOthers,
    });
    const exit = { headers: { "x-exit": "503" } };
    expect(await statusesInTurn(10, () => send(fake.url, exit))).toEqual(Array(10).fill(503));
    const thrown = { headers: { "x-throw": "yes" } };
    expect(await statusesInTurn(10, () => send(fake.url, thrown))).toEqual(Array(10).fill(500));
    expect(await statusesInTurn(6, () => send(fake.url))).toEqual(Array(6).fill(200));
  });

  test("Kong fake: a plugin of ours that throws in log costs no other plugin its log", async () => {
    const backend = await backendForTest();
    const fake = await fakeForTest(guarded(backend, { probe: { at: "log" } }), {
      others: { answering: ANSWERING, counting: COUNTING },
      change: useOthers,
    });
    expect(await statusesInTurn(5, () => send(`${fake.url}/logged`))).toEqual(Array(5).fill(200));
    // nginx logs after the client has its answer.
    await eventually("their log ran for each", async () => {
      return (await fake.errorLog()).match(/their log ran for \/logged/g)?.length === 5;
    });
  });

  test("Kong fake: a Service with an address as its host cannot be left; the request goes on, and the log says why", async () => {
    const backend = await backendForTest();
    const other = await backendForTest("other");
    const config = {
      ...guarded(backend, { probe: { other: "other" } }),
      upstreams: { one: { targets: [backend.target] }, other: { targets: [other.target] } },
    };
    const fake = await fakeForTest(config, {
      change: ({ services }) => {
        for (const service of services) Object.assign(service, { host: "127.0.0.1", port: backend.port });
      },
    });
    const answer = await send(fake.url, { headers: { "x-do": "route" } });
    expect([answer.status, answer.body]).toEqual([200, "one"]);
    expect(await fake.errorLog()).toMatch(/the host of the Kong Service is an IP address: let it name a Kong Upstream/);
    const peer = await send(fake.url, { headers: { "x-do": "peer", "x-port": String(other.port) } });
    expect([peer.status, peer.body]).toEqual([200, "other"]);
  });

  test("Kong fake: where the Service's host is an address too, retries go to other peers", async () => {
    const backend = await backendForTest();
    const targets = [backend.target, `127.0.0.1:${String(await freePort())}`];
    const config = { ...guarded(backend, {}), upstreams: { one: { targets, balance: {}, retries: { budget: 100 } } } };
    const fake = await fakeForTest(config, {
      change: ({ services }) => {
        for (const service of services) Object.assign(service, { host: "127.0.0.1", port: 1 });
      },
    });
    expect(await statusesInTurn(20, () => send(fake.url))).toEqual(Array(20).fill(200));
  });

  test("Kong fake: where somebody's plugin wants the whole answer, retries go to other peers too", async () => {
    const backend = await backendForTest();
    const targets = [backend.target, `127.0.0.1:${String(await freePort())}`];
    const config = { ...guarded(backend, {}), upstreams: { one: { targets, balance: {}, retries: { budget: 100 } } } };
    const fake = await fakeForTest(config, {
      others: { buffering: BUFFERING },
      change: (document) => {
        document.plugins = [{ id: "1", name: "buffering", config: {} }];
      },
    });
    expect(await statusesInTurn(20, () => send(fake.url))).toEqual(Array(20).fill(200));
  });

  test("Kong fake: a plugin that throws when it is asked about peers costs no request", async () => {
    const [one, dead] = [await backendForTest(), `127.0.0.1:${String(await freePort())}`];
    const config = { ...guarded(one, { picky: {} }), upstreams: { one: { targets: [one.target, dead], balance: {} } } };
    const fake = await fakeForTest(config, { files: customPlugin("picky", ["select_upstream"], PICKY) });
    expect(await statusesInTurn(20, () => send(fake.url))).toEqual(Array(20).fill(200));
    expect(await fake.errorLog()).toMatch(/plugin "picky" failed in select_upstream; the request went on without it/);
  });

  test("Kong fake: a request is not sent to an upstream that Kong does not have", async () => {
    const backend = await backendForTest();
    const config = {
      ...guarded(backend, { probe: { other: "other" } }),
      upstreams: { one: { targets: [backend.target] }, other: { targets: [backend.target] } },
    };
    const fake = await fakeForTest(config, {
      change: (document) => {
        const upstreams = document.upstreams.filter(({ name }) => name !== "other");
        Object.assign(document, { upstreams, services: document.services.filter(({ name }) => name !== "other") });
      },
    });
    expect((await send(fake.url, { headers: { "x-do": "route" } })).status).toBe(200);
    expect(await fake.errorLog()).toMatch(/could not find an Upstream named 'other'/);
  });

  test("Kong fake: the handler is a table that Kong may write on, its phases those of the manifest", async () => {
    const backend = await backendForTest();
    const fake = await fakeForTest(guarded(backend));
    const text = readFileSync(join(fake.bundle, "kong/plugins/gatekeeper/handler.lua"), "utf8");
    expect(text).toContain("priority = 2222");
    expect(text).toMatch(/phases = \{\n\s+access = true,\n\s+log = true,\n\s+\}/);
  });

  test("Kong fake: changes are for the Admin API; the status API only shows", async () => {
    const backend = await backendForTest();
    const fake = await fakeForTest(guarded(backend));
    const body = JSON.stringify({ state: "open" });
    const refused = await send(`${fake.statusUrl}/autoscale/breakers/route:guarded`, { method: "PUT", body });
    expect(refused.status).toBe(405);
    expect((await fake.put("/autoscale/breakers/route:guarded", { state: "open" })).status).toBe(200);
    expect((await send(`${fake.adminUrl}/autoscale/breakers/route:guarded`)).body).toContain("forced_open");
    for (const url of [fake.adminUrl, fake.statusUrl]) {
      const { decisions } = JSON.parse((await send(`${url}/autoscale/decisions`)).body) as {
        decisions: { to: string }[];
      };
      expect(decisions.map(({ to }) => to)).toEqual(["forced_open"]);
    }
  });

  test("Kong fake: instances are told when another configuration takes their place, and when their route is gone", async () => {
    const backend = await backendForTest();
    const config = (names: readonly string[]) => ({
      ...guarded(backend),
      routes: names.map((name) => ({ name, path: `/${name}`, upstream: "one", plugins: { mortal: {} } })),
    });
    const fake = await fakeForTest(config(["one", "two"]), { files: customPlugin("mortal", ["access"], MORTAL) });
    const shown = async (): Promise<{ alive: number; made: number }> => {
      await statusesInTurn(20, () => send(`${fake.url}/one`));
      const { body } = await send(`${fake.statusUrl}/autoscale/metrics`);
      const [alive, made] = ["alive", "made"].map((name) => metric(body, `gateway_mortal_${name}`));
      return { alive: alive ?? NaN, made: made ?? NaN };
    };
    const before = await shown();
    // One in each of the workers that were asked.
    expect([1, 2]).toContain(before.alive);
    expect(before.made).toBe(before.alive);
    await fake.push(config(["one", "two"]));
    const after = await shown();
    expect(after.made).toBeGreaterThan(before.made);
    expect([1, 2]).toContain(after.alive);
    await fake.push(config(["two"]));
    expect((await shown()).alive).toBe(0);
  });

  test("Kong fake: a configuration that the schema refuses is refused as a push, and the old one goes on", async () => {
    const backend = await backendForTest();
    const fake = await fakeForTest(guarded(backend));
    const document = JSON.parse(readFileSync(join(fake.bundle, "kong.json"), "utf8")) as KongDocument;
    const [route] = document.routes as unknown as { plugins: { config: Record<string, unknown> }[] }[];
    Object.assign(route?.plugins[0]?.config ?? {}, { failure_rate: 400 });
    const pushed = await send(`${fake.adminUrl}/config`, { method: "POST", body: JSON.stringify(document) });
    expect([pushed.status, pushed.body]).toEqual([400, expect.stringContaining("failure_rate")]);
    expect((await send(fake.url)).status).toBe(200);
  });
});
