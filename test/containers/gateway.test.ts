/** A bundle of this project in the image that users run, in front of another container. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Network } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packBundle } from "../../cli/build/pack.ts";
import { prepare } from "../../cli/build/pipeline.ts";
import { type BundleContainer, startBundleContainer } from "../harness/container-engine.ts";
import { describeWithContainers } from "../harness/containers.ts";
import { changesOf, metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { freshStockLua } from "../harness/stock-lua.ts";
import { writeTinyBundle } from "../harness/tiny-bundle.ts";

const CONFIG = {
  listen: [{ port: 8080 }],
  admin: { address: "0.0.0.0", port: 9180, token: "t0ken" },
  workers: 4,
  upstreams: { service: { targets: ["backend:8080"] } },
  routes: [
    {
      name: "service",
      path: "/",
      upstream: "service",
      plugins: {
        "circuit-breaker": {
          minimum_calls: 10,
          failure_rate: 50,
          open: { seconds: 2, jitter: 0 },
          half_open: { calls: 3 },
        },
      },
    },
  ],
};

/** Answers with the status it is asked for. */
const BACKEND = `ngx.status = tonumber(ngx.var.arg_status or 200) ngx.say("backend")`;

async function buildGateway(folder: string): Promise<string> {
  const file = join(folder, "gateway.yaml");
  await writeFile(file, JSON.stringify(CONFIG));
  const prepared = await prepare({ file, cwd: folder, env: {}, targets: ["openresty"], luaFolder: freshStockLua() });
  const [bundle] = prepared.bundles;
  if (bundle === undefined) throw new Error("no bundle");
  return packBundle(bundle, prepared.version, folder, () => Promise.resolve());
}

describeWithContainers("the gateway in a container", () => {
  let folder = "";
  let backendBundle = "";
  let network: Awaited<ReturnType<Network["start"]>> | undefined;
  const containers: BundleContainer[] = [];
  const gateway = (): BundleContainer => {
    const [, found] = containers;
    if (found === undefined) throw new Error("the gateway did not start");
    return found;
  };
  const status = async (asked: number): Promise<number> =>
    (await fetch(`${gateway().url(8080)}/?status=${String(asked)}`)).status;
  const metrics = async (): Promise<string> => (await fetch(`${gateway().url(9180)}/metrics`)).text();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "autoscale-container-"));
    backendBundle = await writeTinyBundle(8080, BACKEND, "0.0.0.0");
    const started = await new Network().start();
    network = started;
    const place = (alias: string) => ({ network: { network: started, alias } });
    containers.push(await startBundleContainer(backendBundle, { ports: [8080], ...place("backend") }));
    containers.push(
      await startBundleContainer(await buildGateway(folder), { ports: [8080, 9180], ...place("gateway") }),
    );
  });

  afterAll(async () => {
    await Promise.all(containers.map((container) => container.stop()));
    await network?.stop();
    await Promise.all([folder, backendBundle].map((path) => rm(path, { recursive: true, force: true })));
  });

  test("serves, trips, tries and closes again, and says so", async () => {
    expect(await status(200)).toBe(200);
    await eventually("the breaker opens", async () => (await status(500)) === 503);
    await eventually("it turns good requests away too", async () => (await status(200)) === 503);
    await eventually("it closes after good trials", async () => {
      await status(200);
      return metric(await metrics(), 'gateway_breaker_transitions_total{breaker="route:service",to="closed"}') === 1;
    });
    expect(await status(200)).toBe(200);
    expect(changesOf(await gateway().logs(), "route:service").slice(0, 3)).toEqual([
      "closed>open",
      "open>half_open",
      "half_open>closed",
    ]);
  });

  test("a change through the admin server needs the token", async () => {
    const url = `${gateway().url(9180)}/breakers/route:service`;
    const body = JSON.stringify({ state: "open", ttl_seconds: 60, reason: "test" });
    expect((await fetch(url, { method: "PUT", body })).status).toBe(401);
    const headers = { authorization: "Bearer t0ken" };
    expect((await fetch(url, { method: "PUT", body, headers })).status).toBe(200);
    await eventually("every worker turns requests away", async () => (await status(200)) === 503);
    expect((await fetch(url, { method: "PUT", body: '{"state":"auto"}', headers })).status).toBe(200);
    expect(await status(200)).toBe(200);
  });
});
