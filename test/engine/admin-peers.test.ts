import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { adminClient, refusalOf, type AdminClient } from "../harness/admin-client.ts";
import { answering, gate, startBackend, type Backend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { decisionsIn, metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, TELL_WORKER } from "../harness/pinned-workers.ts";

interface Rig {
  readonly gateway: Gateway;
  readonly admin: AdminClient;
  readonly peers: readonly Backend[];
  path(index: number): string;
  /** How many requests each peer got since the last call. */
  shares(): number[];
}

/** Four workers and peers that Lua picks among. */
async function steering(count: number, more: Record<string, unknown> = {}): Promise<Rig> {
  const peers = await Promise.all(Array.from({ length: count }, () => startBackend()));
  onTestFinished(async () => {
    await Promise.all(peers.map((peer) => peer.stop()));
  });
  const gateway = await gatewayForTest({
    upstreams: { one: { targets: peers.map(({ target }) => target), balance: { policy: "round-robin" } } },
    routes: [{ name: "all", path: "/", upstream: "one" }],
    nginx: { server: [TELL_WORKER, "location = /free { return 200; }"] },
    ...more,
  });
  const seen = peers.map(() => 0);
  return {
    gateway,
    admin: adminClient(gateway),
    peers,
    path: (index) => `/upstreams/one/peers/${peers[index]?.target ?? ""}`,
    shares: () =>
      peers.map(({ arrived }, index) => {
        const before = seen[index] ?? 0;
        seen[index] = arrived.length;
        return arrived.length - before;
      }),
  };
}

/** All workers have looked at least once. */
const LOOKED_MS = 2200;

describeWithEngine("peers by hand", () => {
  test("a drained peer gets no request from any worker, none fails, and those under way finish", async () => {
    const rig = await steering(2);
    const [first, second] = rig.peers;
    const workers = await pinWorkers(rig.gateway, "/free");
    const waiting = gate();
    if (first !== undefined) first.respond = waiting.respond;
    const underWay = sendMany(8, rig.gateway.url);
    await eventually("the first peer has requests under way", () => (first?.arrived.length ?? 0) >= 2);
    if (first !== undefined) first.respond = answering(200);

    const over = new AbortController();
    const running = (async () => {
      const answers = [];
      while (!over.signal.aborted) answers.push(...(await sendMany(4, rig.gateway.url)));
      return answers;
    })();
    const answer = await rig.admin.put(rig.path(0), { state: "drain", ttl_seconds: 60, reason: "new kernel" });
    expect(answer.json).toMatchObject({ state: "drain", why: "new kernel", weight: 1, priority: 0 });
    await sleep(LOOKED_MS);
    rig.shares();
    for (const worker of workers) {
      for (let index = 0; index < 5; index++) expect((await worker.send("/")).status).toBe(200);
    }
    const [toFirst, toSecond] = rig.shares();
    expect(toFirst).toBe(0);
    expect(toSecond).toBeGreaterThanOrEqual(20);
    over.abort();
    expect(Object.keys(statuses(await running))).toEqual(["200"]);
    waiting.open();
    expect(statuses(await underWay)).toEqual({ 200: 8 });
    expect(second?.arrived.length).toBeGreaterThan(0);

    for (let index = 0; index < 8; index++) {
      expect((await rig.admin.get("/status")).json).toMatchObject({
        upstreams: {
          one: { picked_by: "lua", peers: { [first?.target ?? ""]: { state: "drain", why: "new kernel" } } },
        },
      });
    }
    const series = `gateway_peer_state{peer="${first?.target ?? ""}",upstream="one"}`;
    expect(metric(await rig.gateway.metrics(), series)).toBe(1);

    await rig.admin.put(rig.path(0), { state: "up" });
    await sleep(LOOKED_MS);
    rig.shares();
    for (const worker of workers) await Promise.all([worker.send("/"), worker.send("/")]);
    expect(rig.shares()).toEqual([4, 4]);
    expect(metric(await rig.gateway.metrics(), series)).toBe(0);
  });

  test("all peers taken out: 503, and not a doubtful peer; the log says so, once", async () => {
    const rig = await steering(2);
    await rig.admin.put(rig.path(0), { state: "drain" });
    await rig.admin.put(rig.path(1), { state: "down" });
    await sleep(LOOKED_MS);
    const answers = await sendMany(12, rig.gateway.url);
    expect(statuses(answers)).toEqual({ 503: 12 });
    expect(JSON.parse(answers[0]?.body ?? "")).toMatchObject({ error: "E_NO_PEER" });
    expect(answers[0]?.headers["content-type"]).toBe("application/json");
    expect(rig.shares()).toEqual([0, 0]);
    const told = (await rig.gateway.errorLog()).match(/no peer takes requests, so they/g) ?? [];
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(4);
  });

  test("an override outlives a reload, ends by itself, and one worker tells of it", async () => {
    const rig = await steering(2);
    const subject = `peer:one/${rig.peers[0]?.target ?? ""}`;
    await rig.admin.put(rig.path(0), { state: "down", ttl_seconds: 6, reason: "broken" });
    expect((await rig.gateway.reload()).ok).toBe(true);
    rig.shares();
    expect(statuses(await sendMany(8, rig.gateway.url))).toEqual({ 200: 8 });
    expect(rig.shares()).toEqual([0, 8]);
    await eventually("the override is over", async () => (await rig.admin.get(rig.path(0))).body.includes('"up"'));
    await sleep(LOOKED_MS);
    const told = decisionsIn(await rig.gateway.errorLog()).filter((decision) => decision.subject === subject);
    expect(told.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ["up", "down", "broken"],
      ["down", "up", "the time of the override was up"],
    ]);
  });

  test("a peer that discovery loses and finds again is still drained", async () => {
    const rig = await steering(2, { workers: 1 });
    const targets = rig.peers.map(({ target }) => target);
    const gateway = await gatewayForTest(
      {
        upstreams: { one: { discovery: { file: { path: "peers.json", interval_seconds: 0.1 } } } },
        routes: [{ name: "all", path: "/", upstream: "one" }],
      },
      { files: { "peers.json": JSON.stringify(targets) } },
    );
    const admin = adminClient(gateway);
    const listed = async (...wanted: string[]): Promise<void> => {
      const file = join(gateway.folder, "peers.json");
      await writeFile(`${file}.new`, JSON.stringify(wanted));
      await rename(`${file}.new`, file);
      await sleep(1000);
    };
    await admin.put(rig.path(0), { state: "drain" });
    await listed(targets[1] ?? "");
    expect(refusalOf(await admin.get(rig.path(0)))).toEqual([404, "E_PEER_UNKNOWN"]);
    await listed(...targets);
    expect((await admin.get(rig.path(0))).json).toMatchObject({ state: "drain" });
    expect(statuses(await sendMany(12, gateway.url))).toEqual({ 200: 12 });
    expect(rig.shares()).toEqual([0, 12]);
  });

  test("up with a weight gives the peer that share; the same again is no decision; up gives it back", async () => {
    const rig = await steering(2, { workers: 1 });
    expect((await rig.admin.put(rig.path(1), { state: "up", weight: 3 })).json).toMatchObject({
      state: "up",
      weight: 3,
    });
    await rig.admin.put(rig.path(1), { state: "up", weight: 3, reason: "again" });
    for (let index = 0; index < 20; index++) await send(rig.gateway.url);
    expect(rig.shares()).toEqual([5, 15]);
    expect((await rig.admin.put(rig.path(1), { state: "up" })).json).toMatchObject({
      state: "up",
      weight: 1,
      priority: 0,
    });
    for (let index = 0; index < 20; index++) await send(rig.gateway.url);
    expect(rig.shares()).toEqual([10, 10]);
    const { decisions } = (await rig.admin.get("/decisions")).json as { decisions: { from: string; to: string }[] };
    expect(decisions.map(({ from, to }) => `${from} -> ${to}`)).toEqual(["up, weight 3 -> up", "up -> up, weight 3"]);
  });

  test("a plugin's choice of a drained peer is not followed", async () => {
    const source = `import type { Create, Decision } from "autoscale-lua";
export const create: Create<object> = (_config, host) => {
  const port = tonumber(string.match(host.place.peers[0] ?? "", ":(%d+)$")[0] ?? "") ?? 0;
  const decision: Decision = { kind: "peer", host: "127.0.0.1", port };
  return { access: () => decision, select_upstream: () => undefined };
};
`;
    const rig = await steering(2);
    const written = {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: rig.peers.map(({ target }) => target) } },
      routes: [{ name: "all", path: "/", upstream: "one", plugins: { chooser: {} } }],
    };
    const files = customPlugin("chooser", ["access", "select_upstream"], source);
    const gateway = await gatewayForTest(written, { files, workers: 1 });
    expect(statuses(await sendMany(6, gateway.url))).toEqual({ 200: 6 });
    expect(rig.shares()).toEqual([6, 0]);
    await adminClient(gateway).put(rig.path(0), { state: "drain" });
    expect(statuses(await sendMany(6, gateway.url))).toEqual({ 200: 6 });
    expect(rig.shares()).toEqual([0, 6]);
  });

  test("IPv6, with its brackets percent-encoded or not", async () => {
    const gateway = await gatewayForTest({
      upstreams: { six: { targets: ["[::1]:9000"], balance: {} } },
      routes: [{ name: "all", path: "/", upstream: "six" }],
    });
    const admin = adminClient(gateway);
    expect((await admin.put("/upstreams/six/peers/[::1]:9000", { state: "drain" })).status).toBe(200);
    expect((await admin.put("/upstreams/six/peers/%5B%3A%3A1%5D%3A9000", { state: "down" })).status).toBe(200);
    expect((await admin.get("/upstreams/six/peers/%5b::1%5d:9000")).json).toMatchObject({ state: "down" });
  });

  test("peers that nginx picks: 409 says what to write", async () => {
    const rig = await steering(1);
    const gateway = await gatewayForTest({
      upstreams: { one: { targets: rig.peers.map(({ target }) => target) } },
      routes: [{ name: "all", path: "/", upstream: "one" }],
    });
    const admin = adminClient(gateway);
    const answer = await admin.put(rig.path(0), { state: "drain" });
    expect(refusalOf(answer)).toEqual([409, "E_PEERS_FIXED"]);
    expect(answer.body).toContain("balance: { policy: round-robin }");
    expect((await admin.get(rig.path(0))).json).toMatchObject({ state: "up" });
    expect(await gateway.metrics()).not.toContain("gateway_peer_state");
  });

  test("changes that make no sense are refused, and change nothing", async () => {
    const rig = await steering(1);
    const cases: [unknown, string][] = [
      [{}, "state"],
      [{ state: "off" }, "state"],
      [{ state: ["drain"] }, "state"],
      [{ state: "drain", weight: 2 }, "weight"],
      [{ state: "up", weight: 0 }, "weight"],
      [{ state: "up", weight: 1.5 }, "weight"],
      [{ state: "up", weight: "2" }, "weight"],
      [{ state: "drain", ttl_seconds: 0 }, "ttl_seconds"],
      [{ state: "drain", ttl_seconds: 86401 }, "ttl_seconds"],
      [{ state: "drain", ttl_seconds: "60" }, "ttl_seconds"],
      [{ state: "drain", reason: 5 }, "reason"],
      [{ state: "drain", reason: "x".repeat(201) }, "reason"],
      [{ state: "drain", ttl: 60 }, '"ttl"'],
    ];
    for (const [body, word] of cases) {
      const answer = await rig.admin.put(rig.path(0), body);
      expect([body, ...refusalOf(answer)]).toEqual([body, 422, "E_ADMIN_VALUE"]);
      expect((answer.json as { message: string }).message).toContain(word);
    }
    expect((await rig.admin.get(rig.path(0))).json).toMatchObject({ state: "up", weight: 1, priority: 0 });
  });
});
