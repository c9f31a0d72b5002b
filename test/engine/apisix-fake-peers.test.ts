/** What dynamic upstreams need of APISIX: peers picked by a plugin, for first tries and for retries. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { apisixFakeForTest, type ApisixFake } from "../harness/apisix-fake/start.ts";
import { startBackend, type Backend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { temporaryFiles } from "../harness/temporary-files.ts";

/** Takes out the peers that the request names by port, and sends it to a peer of its own if it names one. */
const PICKER = `import type { Create, Decision } from "autoscale-lua";

export const create: Create<object> = (_config, host) => ({
  access(context): Decision | undefined {
    const port = tonumber(context.header("X-Peer"));
    return port === undefined ? undefined : { kind: "peer", host: "127.0.0.1", port };
  },
  select_upstream(context, pool) {
    host.log.notice("asked with " + string.format("%d", pool.count()) + " peers");
    const without = context.header("X-Without") ?? "";
    for (let index = 0; index < pool.count(); index++) {
      const [port] = string.match(pool.key(index), ":(%d+)$");
      if (port !== undefined && string.match(without, port)[0] !== undefined) pool.exclude(index);
    }
    if (context.header("X-Fail") !== undefined) error("thrown on purpose in select_upstream");
  },
});
`;

/** A second one, which runs after it and takes out what X-Also names. */
const SECOND = PICKER.replaceAll("X-Without", "X-Also").replaceAll("X-Peer", "X-None").replaceAll("asked", "second");

const FILES = {
  ...customPlugin("picker", ["access", "select_upstream"], PICKER, 60),
  ...customPlugin("second", ["access", "select_upstream"], SECOND, 55),
};

async function named(): Promise<Backend> {
  const backend = await startBackend();
  backend.respond = (_arrived, response) => void response.end(String(backend.port));
  onTestFinished(() => backend.stop());
  return backend;
}

interface Stage {
  readonly fake: ApisixFake;
  readonly ports: readonly string[];
  get(headers?: Record<string, string>): Promise<string>;
}

async function stage(plugins: object, more: readonly (object | string)[] = [], retries = 0): Promise<Stage> {
  const backends = [await named(), await named(), await named()];
  const fake = await apisixFakeForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: {
        one: { targets: [...backends.map(({ target }) => target), ...more], retries: { attempts: retries } },
      },
      routes: [{ name: "r", path: "/", upstream: "one", plugins }],
    },
    { files: FILES },
  );
  return {
    fake,
    ports: backends.map(({ port }) => String(port)),
    get: async (headers = {}) => {
      const { status, body } = await send(fake.url, { headers });
      return status === 200 ? body : String(status);
    },
  };
}

async function seen(count: number, get: () => Promise<string>): Promise<string[]> {
  const found = new Set<string>();
  for (let index = 0; index < count; index++) found.add(await get());
  return [...found].sort();
}

describeWithEngine("APISIX fake: peers", () => {
  test("APISIX fake: peers that a plugin excludes get no request, the others take turns", async () => {
    const { get, ports } = await stage({ picker: {} });
    const [first = "", ...others] = ports;
    expect(await seen(24, () => get())).toEqual([...ports].sort());
    expect(await seen(24, () => get({ "x-without": first }))).toEqual([...others].sort());
    // Nobody is left: an answer from a doubtful peer beats none.
    expect(await seen(24, () => get({ "x-without": ports.join(" ") }))).toEqual([...ports].sort());
  });

  test("APISIX fake: a plugin that picks no peers leaves the balancing to APISIX", async () => {
    const route = await stage({ "circuit-breaker": {} });
    expect((await send(route.fake.url)).headers["x-fake-picker"]).toBe("apisix");
    const peer = await stage({ "circuit-breaker": { scope: "peer" } });
    expect((await send(peer.fake.url)).headers["x-fake-picker"]).toBe("plugin");
  });

  test("APISIX fake: two plugins' exclusions add up", async () => {
    const { get, ports } = await stage({ picker: {}, second: {} });
    const [first = "", second = "", third = ""] = ports;
    expect(await seen(20, () => get({ "x-without": first, "x-also": second }))).toEqual([third]);
  });

  test("APISIX fake: a retry asks the plugin again and goes to a peer that was not tried", async () => {
    const dead = [await freePort(), await freePort()].map((port) => `127.0.0.1:${String(port)}`);
    const { get, ports, fake } = await stage({ picker: {} }, dead, 3);
    const [first = "", ...others] = ports;
    expect(await seen(40, () => get({ "x-without": first }))).toEqual([...others].sort());
    const asked = (await fake.logs()).match(/asked with 5 peers/g) ?? [];
    expect(asked.length).toBeGreaterThan(40);
    expect(await fake.logs()).not.toContain("[alert]");
  });

  test("APISIX fake: a chosen peer is tried first, the upstream's own after it", async () => {
    const { get, ports } = await stage({ picker: {} }, [], 1);
    const away = await named();
    expect(await seen(10, () => get({ "x-peer": String(away.port) }))).toEqual([String(away.port)]);
    const dead = String(await freePort());
    expect(await seen(30, () => get({ "x-peer": dead }))).toEqual([...ports].sort());
    expect(await seen(24, () => get())).toEqual([...ports].sort());
  });

  test("APISIX fake: a throw in select_upstream excludes what was excluded before it, and fails no request", async () => {
    const { get, ports, fake } = await stage({ picker: {} });
    const [first = "", ...others] = ports;
    expect(await seen(20, () => get({ "x-without": first, "x-fail": "yes" }))).toEqual([...others].sort());
    expect(await fake.logs()).toMatch(/plugin "picker" failed in select_upstream; the request went on without it/);
  });

  test("APISIX fake: priorities and weights of targets hold", async () => {
    const spare = await named();
    const { get, ports } = await stage({ picker: {} }, [{ host: "127.0.0.1", port: spare.port, priority: 1 }]);
    expect(await seen(24, () => get())).toEqual([...ports].sort());
    expect(await seen(6, () => get({ "x-without": ports.join(" ") }))).toEqual([String(spare.port)]);
  });

  /** An upstream whose only peer is found in a file. */
  function discovered(one: Backend, more: object = {}): { readonly upstreams: object; readonly routes: object[] } {
    const folder = temporaryFiles({ "peers.json": JSON.stringify([one.target]) });
    chmodSync(folder, 0o755);
    const discovery = { file: { path: join(folder, "peers.json") } };
    return { upstreams: { one: { discovery, ...more } }, routes: [{ name: "r", path: "/", upstream: "one" }] };
  }

  test("APISIX fake: its access log names the peer that a plugin picked, and not what stands in", async () => {
    const fake = await apisixFakeForTest(discovered(await named()));
    const { status, headers } = await send(fake.url);
    expect([status, headers["x-fake-host"], headers["x-fake-picker"]]).toEqual([200, "127.0.0.1", "plugin"]);
  });

  test("APISIX fake: a plugin that a route has of its service begins without a request, and picks", async () => {
    const one = await named();
    const active = { path: "/health", interval_seconds: 0.1 };
    const fake = await apisixFakeForTest(discovered(one, { health: { active } }), {
      edit: (apisix) => {
        const [route] = apisix["routes"] as { plugins?: object; upstream_id?: string; service_id?: string }[];
        apisix["services"] = [{ id: "s", plugins: route!.plugins, upstream_id: route!.upstream_id }];
        delete route!.plugins;
        delete route!.upstream_id;
        route!.service_id = "s";
      },
    });
    await eventually("its peer is probed", () => one.arrived.length > 2);
    expect((await send(fake.url)).body).toBe(String(one.port));
  });

  test("APISIX fake: new nodes are picked after a push", async () => {
    const { get, fake } = await stage({ picker: {} });
    const fresh = [await named(), await named()];
    await fake.push({
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: fresh.map(({ target }) => target) } },
      routes: [{ name: "r", path: "/", upstream: "one", plugins: { picker: {} } }],
    });
    expect(await seen(16, () => get())).toEqual(fresh.map(({ port }) => String(port)).sort());
  });
});
