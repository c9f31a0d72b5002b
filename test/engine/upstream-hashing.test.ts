import { expect, onTestFinished, test } from "vitest";
import { gate, startBackend, type Backend } from "../harness/backend.ts";
import { backendProcess, HEALTH_PATH } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany, type Answer, type RequestOptions } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, type PinnedWorker } from "../harness/pinned-workers.ts";
import { untilUnused, untilUsed, upstreamRig, writePeers } from "../harness/upstream-rig.ts";
import { backendProcesses } from "../harness/backend-process.ts";

const KEYS = Array.from({ length: 100 }, (_, index) => `user-${String(index)}`);
const BY_USER = { policy: "consistent-hash", hash_on: ["header:X-User"] };

/** Not at once: of one key alone only a few may be under way with its peer. A new connection each, so of any worker. */
async function inTurn(count: number, url: string, options: RequestOptions): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index++) answers.push(await send(url, options));
  return answers;
}

/** Which peer each key leads to, asked of each worker apart; fails if not all agree. */
async function homes(workers: readonly PinnedWorker[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const key of KEYS) {
    const peers = new Set<string>();
    for (const worker of workers) {
      peers.add(String((await worker.send("/", { headers: { "x-user": key } })).headers["x-peer"]));
    }
    expect([key, ...peers]).toHaveLength(2);
    found.set(key, [...peers].join());
  }
  return found;
}

const movedFrom = (before: Map<string, string>, after: Map<string, string>): string[] =>
  KEYS.filter((key) => before.get(key) !== after.get(key)).map((key) => before.get(key) ?? "");

describeWithEngine("consistent hash", () => {
  test("a key leads to the same peer in every worker, and keys are spread", async () => {
    const rig = await upstreamRig({ backends: 5, upstream: { balance: BY_USER } });
    const workers = await pinWorkers(rig.gateway, "/free");
    const perPeer = new Map<string, number>();
    for (const peer of (await homes(workers)).values()) perPeer.set(peer, (perPeer.get(peer) ?? 0) + 1);
    expect(perPeer.size).toBe(5);
    // 20 each, give or take five standard deviations of the binomial distribution.
    for (const count of perPeer.values()) expect(Math.abs(count - 20)).toBeLessThan(20);
  });

  test("a peer that is sick moves only its own keys, and has them back when it is well", async () => {
    const active = { path: HEALTH_PATH, interval_seconds: 0.2 };
    const rig = await upstreamRig({ backends: 5, upstream: { balance: BY_USER, health: { active } } });
    const workers = await pinWorkers(rig.gateway, "/free");
    const before = await homes(workers);
    const [sick] = rig.backends;
    await sick!.tell({ paths: { [HEALTH_PATH]: { status: 503 } } });
    await rig.until("it is sick", ({ peers }) => peers[sick!.target]?.state === "unhealthy");
    const own = KEYS.find((key) => before.get(key) === sick!.target);
    for (const worker of workers) {
      await eventually("the worker leaves it", async () => {
        const { headers } = await worker.send("/", { headers: { "x-user": own } });
        return headers["x-peer"] !== sick!.target;
      });
    }
    const moved = movedFrom(before, await homes(workers));
    expect(new Set(moved)).toEqual(new Set([sick!.target]));
    await sick!.tell({ paths: {} });
    await rig.until("it is up", ({ peers }) => peers[sick!.target]?.state === "up");
    await eventually("every key is home again", async () => {
      const after = await homes(workers).catch(() => undefined);
      return after !== undefined && movedFrom(before, after).length === 0;
    });
  });

  test("a peer that comes takes a fair part of the keys, and others hardly move", async () => {
    const backends = await backendProcesses(5);
    const targets = backends.map(({ target }) => target);
    const newcomer = backends[4]!;
    const discovery = { file: { path: "peers.json", interval_seconds: 0.2 } };
    const files = { "peers.json": JSON.stringify(targets.slice(0, 4)) };
    const rig = await upstreamRig({ backends, upstream: { balance: BY_USER, discovery }, files });
    const workers = await pinWorkers(rig.gateway, "/free");
    const before = await homes(workers);
    expect(new Set(before.values()).size).toBe(4);
    await writePeers(rig.gateway, "peers.json", [newcomer.target, ...targets.slice(0, 4)]);
    await rig.until("the fifth is there", ({ peers_total: total }) => total === 5);
    const after = await eventually("all workers agree on where each key leads", async () => {
      const found = await homes(workers).catch(() => undefined);
      return found !== undefined && [...found.values()].includes(newcomer.target) && found;
    });
    const moved = KEYS.filter((key) => before.get(key) !== after.get(key));
    const elsewhere = moved.filter((key) => after.get(key) !== newcomer.target);
    expect(moved.length).toBeGreaterThan(5);
    expect(moved.length).toBeLessThan(45);
    expect(elsewhere.length).toBeLessThan(10);
  });

  test("a wholly new set costs no request", async () => {
    const backends = await backendProcesses(4);
    const targets = backends.map(({ target }) => target);
    const discovery = { file: { path: "peers.json", interval_seconds: 0.2 } };
    const files = { "peers.json": JSON.stringify(targets.slice(0, 2)) };
    const rig = await upstreamRig({ backends, upstream: { balance: BY_USER, discovery }, files });
    const load = rig.load({ headers: (n) => ({ "x-user": `user-${String(n % 50)}` }), pauseSeconds: 0.001 });
    for (const round of [targets.slice(2), targets.slice(0, 2), targets.slice(2)]) {
      await writePeers(rig.gateway, "peers.json", round);
      for (const backend of backends) if (round.includes(backend.target)) await untilUsed(load, backend);
    }
    for (const backend of backends.slice(0, 2)) await untilUnused(load, backend);
    await load.stop();
    expect([load.all.errors, load.all.odd, load.all.statuses]).toEqual([[], [], { 200: load.all.answered }]);
  });

  test("one key alone cannot fill a peer: it has at most 1.25 times its share of what is under way", async () => {
    const held = gate();
    const peers: Backend[] = await Promise.all(
      Array.from({ length: 5 }, () => startBackend({ respond: held.respond })),
    );
    onTestFinished(async () => {
      await Promise.all(peers.map((peer) => peer.stop()));
    });
    const rig = await upstreamRig({
      backends: [],
      workers: 1,
      upstream: { balance: BY_USER, targets: peers.map(({ target }) => target) },
    });
    const answers = sendMany(40, rig.gateway.url, { headers: { "x-user": "everybody" } });
    await eventually("all are under way", () => peers.reduce((sum, { arrived }) => sum + arrived.length, 0) === 40);
    expect(Math.max(...peers.map(({ arrived }) => arrived.length))).toBeLessThanOrEqual(Math.ceil((1.25 * 40) / 5));
    held.open();
    expect((await answers).every(({ status }) => status === 200)).toBe(true);
  });

  test.each([
    ["a cookie", "cookie:session", (key: string) => ({ headers: { cookie: `a=b; session=${key}; c=d` } }), ""],
    ["the query", "query:user", () => ({}), "?x=1&user="],
  ])("sticky by %s", async (_name, source, options, query) => {
    const rig = await upstreamRig({ upstream: { balance: { policy: "consistent-hash", hash_on: [source] } } });
    const seen = new Set<string>();
    for (const key of KEYS.slice(0, 30)) {
      const url = `${rig.gateway.url}/${query === "" ? "" : `${query}${key}`}`;
      const answers = await inTurn(6, url, options(key));
      const peers = new Set(answers.map(({ headers }) => String(headers["x-peer"])));
      expect([key, ...peers]).toHaveLength(2);
      for (const peer of peers) seen.add(peer);
    }
    expect(seen.size).toBe(3);
  });

  test("requests without the key are spread", async () => {
    const rig = await upstreamRig({ upstream: { balance: BY_USER } });
    const answers = await sendMany(60, rig.gateway.url);
    expect(new Set(answers.map(({ headers }) => headers["x-peer"])).size).toBe(3);
  });

  test("a peer that is killed costs no request: its keys are retried elsewhere", async () => {
    const extra = await backendProcess();
    const backends = [...(await backendProcesses(3)), extra];
    const health = { passive: { eject_seconds: 1, max_eject_seconds: 1 } };
    const rig = await upstreamRig({ backends, upstream: { balance: BY_USER, health } });
    const load = rig.load({ headers: (n) => ({ "x-user": `user-${String(n % 50)}` }) });
    await load.more(100);
    await extra.kill();
    await load.more(300);
    await extra.start();
    await load.more(100);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });
});
