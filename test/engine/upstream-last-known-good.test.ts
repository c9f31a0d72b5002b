import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { isWell, untilUsed, upstreamRig, writePeers, type UpstreamRig } from "../harness/upstream-rig.ts";
import { backendProcesses, type BackendProcess } from "../harness/backend-process.ts";

/** A source that can go away. */
interface Outage {
  readonly discovery: Readonly<Record<string, unknown>>;
  publish(rig: UpstreamRig, peers: readonly BackendProcess[]): Promise<void>;
  vanish(rig: UpstreamRig): Promise<void>;
}

const fileSource = (): Outage => ({
  discovery: { file: { path: "peers.json", interval_seconds: 0.2 } },
  publish: ({ gateway }, peers) =>
    writePeers(
      gateway,
      "peers.json",
      peers.map(({ target }) => target),
    ),
  vanish: ({ gateway }) => rm(join(gateway.folder, "peers.json")),
});

async function httpSource(): Promise<Outage> {
  let list = "[]";
  let server: Backend | undefined;
  const begin = async (port?: number): Promise<Backend> => {
    const started = await startBackend({ ...(port === undefined ? {} : { port }) });
    started.respond = (_arrived, response) => void response.end(list);
    return started;
  };
  server = await begin();
  const { port, target } = server;
  onTestFinished(() => server?.stop());
  return {
    discovery: { http: { url: `http://${target}/peers`, interval_seconds: 0.2, timeout_seconds: 1 } },
    publish: async (_rig, peers) => {
      list = JSON.stringify(peers.map((peer) => peer.target));
      server ??= await begin(port);
    },
    vanish: async () => {
      await server?.stop();
      server = undefined;
    },
  };
}

const SOURCES: readonly [string, () => Outage | Promise<Outage>][] = [
  ["a file that is deleted", fileSource],
  ["an HTTP server that is stopped", httpSource],
];

async function answersOf(rig: UpstreamRig, all: readonly BackendProcess[]): Promise<number[]> {
  const before = all.map((backend) => backend.requests());
  expect(statuses(await sendMany(60, rig.gateway.url))).toEqual({ 200: 60 });
  return all.map((backend, index) => backend.requests() - (before[index] ?? 0));
}

describeWithEngine("the last known good set", () => {
  test.each(SOURCES)(
    "%s: it survives that, a reload, and a restart; then the source is followed again",
    async (_, make) => {
      const backends = await backendProcesses(3);
      const [one, two, three] = backends;
      const outage = await make();
      const rig = await upstreamRig({ backends, upstream: { discovery: outage.discovery } });
      await outage.publish(rig, [one!, two!]);
      await rig.everyWorker("knows them", isWell);
      const load = rig.load();
      await untilUsed(load, one!);
      await untilUsed(load, two!);

      await outage.vanish(rig);
      await rig.until("the outage is shown", ({ sources }) => JSON.stringify(sources).includes("problem"));
      await load.more(100);
      expect((await rig.gateway.reload()).ok).toBe(true);
      await load.more(100);
      await load.stop();
      expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);

      await rig.gateway.restart();
      const asked = await answersOf(rig, backends);
      expect(asked.map((count) => count > 0)).toEqual([true, true, false]);
      expect(Object.keys((await rig.shown()).peers).sort()).toEqual([one!.target, two!.target].sort());

      await outage.publish(rig, [three!]);
      await rig.until("the third is there", ({ peers }) => Object.keys(peers).join() === three!.target);
      await eventually("every worker asks it alone", async () => {
        const [first, second, third] = await answersOf(rig, backends);
        return first === 0 && second === 0 && third === 60;
      });
    },
  );

  test.each(SOURCES)("%s, and was never there: 503 that says so, until it is", async (_, make) => {
    const backends = await backendProcesses(1);
    const outage = await make();
    const rig = await upstreamRig({ backends, upstream: { discovery: outage.discovery } });
    const answer = await send(rig.gateway.url);
    expect([answer.status, answer.body]).toEqual([503, expect.stringContaining("E_NO_PEER")]);
    await outage.publish(rig, backends);
    await rig.everyWorker("asks it", isWell);
  });

  test("a restart believes the source, and not what it kept", async () => {
    const outage = fileSource();
    const rig = await upstreamRig({ upstream: { discovery: outage.discovery }, files: { "peers.json": "[]" } });
    await outage.publish(rig, rig.backends);
    await rig.everyWorker("knows them", isWell);
    await rig.gateway.restart(async () => {
      await outage.publish(rig, rig.backends.slice(0, 1));
    });
    await eventually("the file that was written meanwhile is followed by all", async () => {
      const [first] = await answersOf(rig, rig.backends);
      return first === 60;
    });
  });
});

describeWithEngine("an answer without peers", () => {
  test("is taken for an outage", async () => {
    const outage = fileSource();
    const rig = await upstreamRig({ upstream: { discovery: outage.discovery }, files: { "peers.json": "[]" } });
    await outage.publish(rig, rig.backends);
    await rig.everyWorker("knows them", isWell);
    await outage.publish(rig, []);
    const shown = await rig.until("the problem is shown", ({ sources }) => JSON.stringify(sources).includes("problem"));
    expect(shown.peers_total).toBe(3);
    expect((await answersOf(rig, rig.backends)).every((count) => count > 0)).toBe(true);
  });

  test("is believed with allow_empty: 503 then", async () => {
    const file = { path: "peers.json", interval_seconds: 0.2, allow_empty: true };
    const rig = await upstreamRig({ upstream: { discovery: { file } }, files: { "peers.json": "[]" } });
    const outage = fileSource();
    await outage.publish(rig, rig.backends);
    await rig.everyWorker("knows them", isWell);
    await outage.publish(rig, []);
    await rig.until("nobody is there", ({ peers_total: total }) => total === 0);
    await rig.everyWorker("says so", ({ status }) => status === 503);
    expect((await send(rig.gateway.url)).body).toContain("E_NO_PEER");
  });
});
