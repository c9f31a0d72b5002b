import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backendProcesses, type BackendProcess } from "../harness/backend-process.ts";
import { selfSigned } from "../harness/certificate.ts";
import { eventually } from "../harness/eventually.ts";
import { type KubernetesApi, type SliceSpec, startKubernetesApi } from "../harness/kubernetes-api.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import type { ServerFault } from "../harness/server-fault.ts";
import { isWell, untilUnused, untilUsed, upstreamRig, type UpstreamRig } from "../harness/upstream-rig.ts";

/** A slice of one backend, for two backends have two ports. */
const sliceOf = ({ port }: BackendProcess, endpoint: Partial<SliceSpec["endpoints"][number]> = {}): SliceSpec => ({
  name: `users-${port}`,
  ports: [
    { name: "metrics", port: 1 },
    { name: "http", port },
  ],
  endpoints: [{ addresses: ["127.0.0.1"], ...endpoint }],
});

async function following(
  api: KubernetesApi,
  backends: readonly BackendProcess[],
  options: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<UpstreamRig> {
  const settings = { address: api.url, service: "users", port: "http", token_file: "", timeout_seconds: 1, ...options };
  return upstreamRig({ backends, upstream: { discovery: { kubernetes: settings } }, files });
}

/** The gateway knows the first of two backends, and watches. */
async function begun() {
  const backends = await backendProcesses(2);
  const [one, two] = backends as [BackendProcess, BackendProcess];
  const api = await startKubernetesApi();
  api.put(sliceOf(one));
  const rig = await following(api, backends);
  await rig.everyWorker("knows the first", isWell);
  await eventually("it watches", () => api.watches() === 1);
  return { api, rig, one, two };
}

const failing = (rig: UpstreamRig): Promise<unknown> =>
  rig.until("the outage is shown", ({ sources = {} }) =>
    Object.values(sources).some(({ state }) => state === "failing"),
  );
const wellAgain = (rig: UpstreamRig): Promise<unknown> =>
  rig.until("it is over", ({ sources = {} }) => Object.values(sources).every(({ state }) => state === "ok"));
const lists = (api: KubernetesApi): number => api.asked().filter((path) => !path.includes("watch=true")).length;

describeWithEngine("Kubernetes, a stand-in for its API server", () => {
  test("endpoints that come, drain and go are followed under load, by one watch of one worker", async () => {
    const { api, rig, one, two } = await begun();
    const load = rig.load();
    await untilUsed(load, one);
    api.put(sliceOf(two, { zone: "b", conditions: { ready: false } }));
    api.bookmark();
    api.put(sliceOf(two, { zone: "b", conditions: { ready: true } }));
    await untilUsed(load, two);
    expect((await rig.shown()).peers[two.target]).toMatchObject({ zone: "b" });

    api.put(sliceOf(one, { conditions: { ready: false, serving: true, terminating: true } }));
    await untilUnused(load, one);
    expect((await rig.shown()).peers[one.target]).toMatchObject({ takes_requests: false });
    api.remove(`users-${one.port}`);
    await rig.until("the second alone is there", ({ peers }) => Object.keys(peers).join() === two.target);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    expect([lists(api), api.watches()]).toEqual([1, 1]);
  });

  test("pods that all drain are used until others are there", async () => {
    const { api, rig, one, two } = await begun();
    const load = rig.load();
    api.put(sliceOf(one, { conditions: { ready: false, serving: true, terminating: true } }));
    await rig.until("it drains", ({ peers }) => JSON.stringify(peers[one.target]).includes("drain"));
    await load.more(100);
    api.put(sliceOf(two));
    await untilUsed(load, two);
    await untilUnused(load, one);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("a long list comes in pages", async () => {
    const [one] = await backendProcesses(1);
    const api = await startKubernetesApi();
    for (let index = 0; index < 45; index++) api.put({ ...sliceOf(one!), name: `empty-${index}`, endpoints: [] });
    api.put(sliceOf(one!));
    const rig = await following(api, [one!]);
    await rig.everyWorker("knows it", isWell);
    expect(lists(api)).toBe(3);
  });

  test.each([
    ["ended, as after its time", (api: KubernetesApi) => api.endWatches("cleanly"), 0],
    ["cut off", (api: KubernetesApi) => api.endWatches("abruptly"), 1],
    ["disturbed by what is no event", (api: KubernetesApi) => api.sendLine("<html>"), 1],
  ])("a watch that is %s is begun anew, and nothing is missed", async (_name, disturb, moreLists) => {
    const { api, rig, one, two } = await begun();
    api.bookmark();
    disturb(api);
    await eventually("that watch is over", () => api.asked().filter((path) => path.includes("watch=true")).length > 1);
    api.put(sliceOf(two));
    await rig.until("both are there", ({ peers_total: total }) => total === 2);
    await wellAgain(rig);
    expect(Object.keys((await rig.shown()).peers).sort()).toEqual([one.target, two.target].sort());
    expect(lists(api)).toBe(1 + moreLists);
  });

  test.each(["status", "event"] as const)("410 Gone, told as %s: all is listed anew", async (as) => {
    const { api, rig, one, two } = await begun();
    const load = rig.load();
    await untilUsed(load, one);
    // What happens while nobody watches, and is forgotten before somebody does again.
    api.endWatches("cleanly");
    api.put(sliceOf(two));
    api.remove(`users-${one.port}`);
    api.compact(as);
    await untilUsed(load, two);
    await untilUnused(load, one);
    await rig.until("the second alone is there", ({ peers }) => Object.keys(peers).join() === two.target);
    await eventually("it watches again", () => api.watches() === 1);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    expect(api.asked().map((path) => (path.includes("watch=true") ? "watch" : "list"))).toEqual([
      ...["list", "watch", "watch", "list", "watch"],
    ]);
  });

  test.each<[string, ServerFault]>([
    ["500", { status: 500 }],
    ["garbage", "garbage"],
    ["half an answer", "half"],
    ["nothing", "silence"],
    ["a closed connection", "drop"],
  ])("%s costs no request, and the peers are followed again afterwards", async (_name, fault) => {
    const { api, rig, two } = await begun();
    const load = rig.load();
    api.fault = { list: fault, watch: fault };
    api.endWatches("abruptly");
    await failing(rig);
    await load.more(100);
    api.put(sliceOf(two));
    api.fault = {};
    await wellAgain(rig);
    await untilUsed(load, two);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("the server goes away and comes back", async () => {
    const { api, rig, two } = await begun();
    const load = rig.load();
    await api.stop();
    await failing(rig);
    await load.more(100);
    api.put(sliceOf(two));
    await api.start();
    await wellAgain(rig);
    await untilUsed(load, two);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("the token is read again when the kubelet has renewed it", async () => {
    const [one, two] = await backendProcesses(2);
    const api = await startKubernetesApi();
    api.token = "first";
    api.put(sliceOf(one!));
    const rig = await following(api, [one!, two!], { token_file: "token" }, { token: "first\n" });
    await rig.everyWorker("knows the first", isWell);
    api.token = "second";
    api.endWatches("cleanly");
    await failing(rig);
    await writeFile(join(rig.gateway.folder, "token"), "second");
    api.put(sliceOf(two!));
    await rig.until("both are there", ({ peers_total: total }) => total === 2);
    expect(new Set(api.authorizations)).toEqual(new Set(["Bearer first", "Bearer second"]));
    expect(await rig.gateway.errorLog()).not.toMatch(/first|second/);
  });

  test("asked by https, it has to be one that the authorities know", async () => {
    const [one] = await backendProcesses(1);
    const api = await startKubernetesApi({ tls: selfSigned("localhost") });
    api.put(sliceOf(one!));
    const settings = { address: api.url, service: "users", port: "http", token_file: "", timeout_seconds: 1 };
    const rigWith = (verify: boolean): Promise<UpstreamRig> =>
      upstreamRig({
        backends: [one!],
        upstream: { discovery: { kubernetes: { ...settings, verify } } },
        more: { trusted_ca: "ca.pem" },
        files: { "ca.pem": selfSigned("somebody.else").certificate },
      });
    const [strict, careless] = await Promise.all([rigWith(true), rigWith(false)]);
    await strict.until("its certificate is refused", ({ sources }) => JSON.stringify(sources).includes("certificate"));
    expect((await strict.shown()).peers_total).toBe(0);
    await careless.everyWorker("knows the peer", isWell);
  });
});
