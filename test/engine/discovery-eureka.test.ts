import { expect, test } from "vitest";
import { backendProcesses, type BackendProcess } from "../harness/backend-process.ts";
import { type EurekaServer, startEurekaServer } from "../harness/eureka-server.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import type { ServerFault } from "../harness/server-fault.ts";
import { isWell, untilUnused, untilUsed, upstreamRig, type UpstreamRig } from "../harness/upstream-rig.ts";

async function following(
  eureka: EurekaServer,
  backends: readonly BackendProcess[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<UpstreamRig> {
  const settings = { address: eureka.url, app: "users", interval_seconds: 0.2, timeout_seconds: 1, ...options };
  return upstreamRig({ backends, upstream: { discovery: { eureka: settings } } });
}

/** The gateway knows the first of two backends. */
async function begun(options: Readonly<Record<string, unknown>> = {}) {
  const backends = await backendProcesses(2);
  const [one, two] = backends as [BackendProcess, BackendProcess];
  const eureka = await startEurekaServer();
  eureka.register({ id: "one", port: one.port });
  const rig = await following(eureka, backends, options);
  await rig.everyWorker("knows the first", isWell);
  return { eureka, rig, one, two };
}

const only = (rig: UpstreamRig, { target }: BackendProcess): Promise<unknown> =>
  rig.until("it alone is there", ({ peers }) => Object.keys(peers).join() === target);
const failing = (rig: UpstreamRig): Promise<unknown> =>
  rig.until("the outage is shown", ({ sources = {} }) =>
    Object.values(sources).some(({ state }) => state === "failing"),
  );

describeWithEngine("Eureka, a stand-in for its server", () => {
  test.each([
    ["as it is written now", false],
    ["as old versions write it", true],
  ])("instances that come, go and change are followed under load, %s", async (_name, isOld) => {
    const { eureka, rig, one, two } = await begun();
    eureka.isOld = isOld;
    const load = rig.load();
    await untilUsed(load, one);
    eureka.register({ id: "two", port: two.port, status: "STARTING" });
    eureka.register({ id: "other", port: 9, app: "ORDERS" });
    eureka.register({ id: "two", port: two.port, metadata: { weight: "3", zone: "b" } });
    await untilUsed(load, two);
    expect((await rig.shown()).peers[two.target]).toMatchObject({ weight: 3, zone: "b" });
    eureka.register({ id: "one", port: one.port, status: "OUT_OF_SERVICE" });
    await untilUnused(load, one);
    eureka.register({ id: "one", port: one.port });
    await untilUsed(load, one);
    eureka.cancel("two");
    await untilUnused(load, two);
    await only(rig, one);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    const asked = eureka.asked().map((path) => path.replace("/eureka/apps/", ""));
    expect(asked.filter((path) => path === "delta").length).toBeGreaterThan(asked.length / 2);
  });

  test("what no change told is found by the full fetch", async () => {
    const { eureka, rig, two } = await begun();
    eureka.register({ id: "two", port: two.port });
    await rig.until("both are there", ({ peers_total: total }) => total === 2);
    eureka.lose("one");
    await only(rig, two);
  });

  test("a server without deltas is asked for all each time", async () => {
    const { eureka, rig, two } = await begun();
    eureka.hasDelta = false;
    eureka.register({ id: "two", port: two.port });
    await rig.until("both are there", ({ peers_total: total }) => total === 2);
  });

  test("the secure port, and basic authentication", async () => {
    const [one] = await backendProcesses(1);
    const eureka = await startEurekaServer();
    eureka.credentials = "gateway:s3:cret";
    eureka.register({ id: "one", port: 9, securePort: one!.port });
    const rig = await following(eureka, [one!], { secure: true, username: "gateway", password: "s3:cret" });
    await rig.everyWorker("knows it", isWell);
    await only(rig, one!);
    expect(await rig.gateway.errorLog()).not.toContain("s3:cret");
  });

  test.each<[string, ServerFault]>([
    ["500", { status: 500 }],
    ["garbage", "garbage"],
    ["half an answer", "half"],
    ["nothing", "silence"],
    ["a closed connection", "drop"],
    ["an answer that is too late", { delaySeconds: 10 }],
    ["404, as an empty registry after a restart", { status: 404 }],
  ])("%s costs no request, and the instances are followed again afterwards", async (_name, fault) => {
    const { eureka, rig, two } = await begun();
    const load = rig.load();
    eureka.fault = fault;
    await failing(rig);
    await load.more(100);
    eureka.register({ id: "two", port: two.port });
    eureka.fault = undefined;
    await untilUsed(load, two);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("the server goes away and comes back", async () => {
    const { eureka, rig, two } = await begun();
    const load = rig.load();
    await eureka.stop();
    await failing(rig);
    await load.more(100);
    eureka.register({ id: "two", port: two.port });
    eureka.forgetChanges();
    await eureka.start();
    await untilUsed(load, two);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });
});
