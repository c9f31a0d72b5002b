import { expect, test } from "vitest";
import { backendProcesses, type BackendProcess } from "../harness/backend-process.ts";
import { type Consul, describeWithConsul, startConsul } from "../harness/consul.ts";
import { startFaultProxy } from "../harness/fault-proxy.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import type { ServerFault } from "../harness/server-fault.ts";
import { isWell, untilUnused, untilUsed, upstreamRig, type UpstreamRig } from "../harness/upstream-rig.ts";

/** Consul waits at most this long, so that an outage is noticed within the time of a test. */
const QUICK = { wait_seconds: 2, timeout_seconds: 1 };

const register = (consul: Consul, backend: BackendProcess, more: object = {}): Promise<void> =>
  consul.register({ id: `users-${backend.port}`, port: backend.port, ...more });

async function following(
  address: string,
  backends: readonly BackendProcess[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<UpstreamRig> {
  const settings = { address, service: "users", ...QUICK, ...options };
  return upstreamRig({ backends, upstream: { discovery: { consul: settings } } });
}

const known = (rig: UpstreamRig, ...backends: readonly BackendProcess[]): Promise<unknown> => {
  const wanted = backends.map(({ target }) => target).sort();
  return rig.until(`${wanted.join()} are the peers`, ({ peers }) => Object.keys(peers).sort().join() === wanted.join());
};
const failing = (rig: UpstreamRig): Promise<unknown> =>
  rig.until("the outage is shown", ({ sources = {} }) =>
    Object.values(sources).some(({ state }) => state === "failing"),
  );
const wellAgain = (rig: UpstreamRig): Promise<unknown> =>
  rig.until("it is over", ({ sources = {} }) => Object.values(sources).every(({ state }) => state === "ok"));

describeWithEngine("Consul", () => {
  describeWithConsul("a real one", () => {
    test("instances that come, go and fail their checks are followed under load, without a failed request", async () => {
      const backends = await backendProcesses(3);
      const [one, two, three] = backends;
      const consul = await startConsul();
      await register(consul, one!);
      await register(consul, two!, { status: "critical" });
      const rig = await following(consul.url, backends);
      await rig.everyWorker("knows the first", isWell);
      const load = rig.load();
      await untilUsed(load, one!);
      await known(rig, one!);

      await consul.setStatus(`users-${two!.port}`, "passing");
      await untilUsed(load, two!);
      await register(consul, three!, { meta: { zone: "b" }, weights: { passing: 3, warning: 1 } });
      await untilUsed(load, three!);
      const { peers } = await rig.shown();
      expect(peers[three!.target]).toMatchObject({ zone: "b", weight: 3 });

      await consul.deregister(`users-${one!.port}`);
      await untilUnused(load, one!);
      await consul.setStatus(`users-${two!.port}`, "critical");
      await untilUnused(load, two!);
      await known(rig, three!);
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    });

    test("tags are asked for together, escaped, and other services are not asked for", async () => {
      const backends = await backendProcesses(3);
      const [one, two, three] = backends;
      const consul = await startConsul();
      await register(consul, one!, { tags: ["v2"] });
      await register(consul, two!, { tags: ["eu&us"] });
      await register(consul, three!, { name: "orders", tags: ["v2", "eu&us"] });
      const rig = await following(consul.url, backends, { tags: ["v2", "eu&us"] });
      await failing(rig);
      expect((await rig.shown()).peers_total).toBe(0);
      await register(consul, two!, { tags: ["eu&us", "v2"] });
      await known(rig, two!);
    });

    test("killed, and back: its peers are kept meanwhile, and followed again", async () => {
      const backends = await backendProcesses(2);
      const [one, two] = backends;
      const consul = await startConsul();
      await register(consul, one!);
      const rig = await following(consul.url, backends);
      await rig.everyWorker("knows the first", isWell);
      const load = rig.load();

      await consul.kill();
      await failing(rig);
      await load.more(100);
      await consul.start();
      await wellAgain(rig);
      await register(consul, two!);
      await untilUsed(load, two!);
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    });

    test.each<[string, ServerFault]>([
      ["answers 500", { status: 500, body: "No cluster leader" }],
      ["answers garbage", "garbage"],
      ["breaks off in the middle", "half"],
      ["hangs up", "drop"],
      ["says nothing", "silence"],
      ["is too slow", { delaySeconds: 10 }],
    ])("that %s costs no request, and is followed again when it does not", async (_name, fault) => {
      const backends = await backendProcesses(2);
      const [one, two] = backends;
      const consul = await startConsul();
      const proxy = await startFaultProxy(consul.url);
      await register(consul, one!);
      const rig = await following(proxy.url, backends);
      await rig.everyWorker("knows the first", isWell);
      const load = rig.load();
      proxy.fault = fault;
      await failing(rig);
      await register(consul, two!);
      await load.more(100);
      proxy.fault = undefined;
      await wellAgain(rig);
      await untilUsed(load, two!);
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    });

    test("hung: it is noticed when its time is up, and followed when it goes on", async () => {
      const backends = await backendProcesses(2);
      const [one, two] = backends;
      const consul = await startConsul();
      await register(consul, one!);
      const rig = await following(consul.url, backends);
      await rig.everyWorker("knows the first", isWell);
      const load = rig.load();
      await consul.hang();
      await failing(rig);
      await load.more(100);
      consul.goOn();
      await wellAgain(rig);
      await register(consul, two!);
      await untilUsed(load, two!);
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    });
  });
});
