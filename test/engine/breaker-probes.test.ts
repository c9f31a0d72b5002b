import { expect, test } from "vitest";
import { answering, gate, startBackend } from "../harness/backend.ts";
import { breakerGateway, statusesInTurn, TOUCHY, type BreakerGateway } from "../harness/breaker-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { statuses, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import type { PinnedWorker } from "../harness/pinned-workers.ts";

const BRIEF = { ...TOUCHY, open: { seconds: 0.5, jitter: 0, multiplier: 3 } };

/** Trips the breaker, waits for its half-open phase, and forgets the requests so far. */
async function halfOpen(rig: BreakerGateway, worker: PinnedWorker | undefined): Promise<void> {
  rig.backend.respond = answering(500);
  await statusesInTurn(4, () => worker?.send("/") ?? rig.get());
  await rig.until("half_open");
  rig.backend.arrived.length = 0;
}

/** The answers that are there so far. */
function collecting(promises: readonly Promise<Answer>[]): Answer[] {
  const answers: Answer[] = [];
  for (const promise of promises) void promise.then((answer) => answers.push(answer));
  return answers;
}

describeWithEngine("circuit breaker: half-open, over four workers", () => {
  test("60 requests at once: exactly half_open.calls are probes; when they succeed it closes", async () => {
    const rig = await breakerGateway({ ...BRIEF, half_open: { calls: 10, timeout_seconds: 60 } });
    const workers = await rig.pin(15);
    await halfOpen(rig, workers[0]);
    const held = gate();
    rig.backend.respond = held.respond;
    const sent = workers.flatMap((worker) => Array.from({ length: 15 }, () => worker.send("/")));
    const answers = collecting(sent);
    await eventually("all others are rejected", () => answers.length === 50);
    expect(statuses(answers)).toEqual({ 503: 50 });
    await eventually("the probes arrived", () => rig.backend.arrived.length === 10);

    held.open();
    expect(statuses(await Promise.all(sent))).toEqual({ 200: 10, 503: 50 });
    expect(rig.backend.arrived).toHaveLength(10);
    expect(await rig.until("closed")).toMatchObject({ reason: "" });
    for (const worker of workers) expect((await worker.send("/")).status).toBe(200);
    expect(await rig.changes()).toEqual(["closed>open", "open>half_open", "half_open>closed"]);
  });

  test("probes one after the other: no more than half_open.calls before the verdict", async () => {
    const rig = await breakerGateway({ ...BRIEF, half_open: { calls: 3 } });
    const workers = await rig.pin();
    await halfOpen(rig, workers[0]);
    rig.backend.respond = answering(200);
    for (const worker of workers.slice(0, 3)) expect((await worker.send("/")).status).toBe(200);
    await rig.until("closed");
  });

  test("when the probes fail it opens again, for longer", async () => {
    const rig = await breakerGateway({ ...BRIEF, half_open: { calls: 2 } });
    const workers = await rig.pin();
    await halfOpen(rig, workers[0]);
    await Promise.all(workers.map((worker) => worker.send("/")));
    await eventually("the second time", async () => (await rig.breaker()).attempt === 2);
    // Judged as soon as the verdict cannot change: one failure of two is enough.
    expect(rig.backend.arrived.length).toBeLessThanOrEqual(2);
    const second = await rig.breaker();
    expect(second.until - second.since).toBeCloseTo(1.5, 2);
    expect(await rig.changes()).toEqual(["closed>open", "open>half_open", "half_open>open"]);
  });

  test("a worker that is killed takes its probes along: after timeout_seconds others get their places", async () => {
    const timeoutSeconds = 2;
    const rig = await breakerGateway({ ...BRIEF, half_open: { calls: 3, timeout_seconds: timeoutSeconds } });
    const workers = await rig.pin(3);
    const [victim, ...others] = workers;
    if (victim === undefined) throw new Error("the gateway has no workers");
    await halfOpen(rig, victim);
    const held = gate();
    rig.backend.respond = held.respond;
    const lost = [1, 2, 3].map(() => victim.send("/").catch(() => undefined));
    await eventually("the probes arrived", () => rig.backend.arrived.length === 3);
    const leasedBy = Date.now();
    process.kill(victim.pid, "SIGKILL");
    await Promise.all(lost);

    const ask = () => others.map((worker) => worker.send("/"));
    const sent: Promise<Answer>[] = [];
    await eventually("new probes are let through", async () => {
      const round = ask();
      sent.push(...round);
      // Those that are probes wait at the gate.
      await Promise.race([Promise.allSettled(round), eventually("probes", () => rig.backend.arrived.length > 3)]);
      return rig.backend.arrived.length > 3;
    });
    // A margin for the moment between the lease and its arrival here.
    expect(Date.now() - leasedBy).toBeGreaterThan(timeoutSeconds * 1000 - 500);
    const round = [...ask(), ...ask()];
    const answers = collecting(round);
    await eventually("never more than three", () => rig.backend.arrived.length === 6 && answers.length >= 3);
    expect(rig.backend.arrived).toHaveLength(6);
    held.open();
    await Promise.all([...sent, ...round]);
    expect(await rig.until("closed")).toMatchObject({ state: "closed" });
  });

  test("recovery: right after closing few are admitted, in the end all", async () => {
    const rig = await breakerGateway({ ...BRIEF, half_open: { calls: 1 }, recovery_seconds: 30 });
    const workers = await rig.pin(10);
    await halfOpen(rig, workers[0]);
    rig.backend.respond = answering(200);
    expect((await rig.get()).status).toBe(200);
    await rig.until("closed");
    const answers: Answer[] = [];
    for (let round = 0; round < 5; round++) {
      const sent = workers.flatMap((worker) => Array.from({ length: 10 }, () => worker.send("/")));
      answers.push(...(await Promise.all(sent)));
    }
    const admitted = statuses(answers)[200] ?? 0;
    // A tenth of 200, and what the share has risen by meanwhile.
    expect(admitted).toBeGreaterThanOrEqual(3);
    expect(admitted).toBeLessThanOrEqual(140);

    const quick = await breakerGateway({ ...BRIEF, half_open: { calls: 1 }, recovery_seconds: 1 });
    await halfOpen(quick, (await quick.pin())[0]);
    quick.backend.respond = answering(200);
    await quick.get();
    await eventually("all are admitted", async () => {
      const found = await statusesInTurn(30, quick.get);
      return found.every((status) => status === 200);
    });
  });
});

describeWithEngine("circuit breaker: each peer its own", () => {
  test("one bad peer of three is taken out, the others serve all, and it comes back", async () => {
    const peers = await Promise.all([startBackend(), startBackend(), startBackend()]);
    const [bad, ...good] = peers;
    const breaker = { ...BRIEF, scope: "peer", half_open: { calls: 2 }, open: { seconds: 2, jitter: 0 } };
    const upstreams = { one: { targets: peers.map(({ target }) => target), retries: { attempts: 0 } } };
    const rig = await breakerGateway(breaker, { upstreams });
    const id = `peer:one/${bad.target}`;
    bad.respond = answering(500);
    await eventually("it is taken out", async () => {
      await statusesInTurn(6, rig.get);
      return (await rig.breaker(id)).state === "open";
    });
    const until = (await rig.breaker(id)).until * 1000;
    const asked = bad.arrived.length;
    const before = good.map(({ arrived }) => arrived.length);
    const found = await statusesInTurn(24, rig.get);
    if (Date.now() < until) {
      expect(found).toEqual(Array.from({ length: 24 }, () => 200));
      expect(bad.arrived.length).toBe(asked);
      good.forEach(({ arrived }, index) => expect(arrived.length).toBeGreaterThan((before[index] ?? 0) + 4));
    }
    for (const { target } of good) expect(await rig.breaker(`peer:one/${target}`)).toMatchObject({ state: "closed" });

    bad.respond = answering(200);
    await eventually("it comes back", async () => {
      await statusesInTurn(6, rig.get);
      return (await rig.breaker(id)).state === "closed";
    });
    expect((await rig.changes(id)).slice(0, 2)).toEqual(["closed>open", "open>half_open"]);
    const now = bad.arrived.length;
    await eventually("it gets its share again", async () => {
      await statusesInTurn(12, rig.get);
      return bad.arrived.length >= now + 4;
    });
    await Promise.all(peers.map((peer) => peer.stop()));
  });

  test("when no peer is left the request is rejected", async () => {
    const peers = await Promise.all([startBackend(), startBackend()]);
    for (const peer of peers) peer.respond = answering(500);
    const upstreams = { one: { targets: peers.map(({ target }) => target), retries: { attempts: 0 } } };
    const rig = await breakerGateway({ ...TOUCHY, scope: "peer" }, { upstreams });
    await eventually("both are out", async () => {
      await statusesInTurn(4, rig.get);
      const states = await Promise.all(peers.map(({ target }) => rig.breaker(`peer:one/${target}`)));
      return states.every(({ state }) => state === "open");
    });
    const asked = peers.map(({ arrived }) => arrived.length);
    expect(await statusesInTurn(8, rig.get)).toEqual(Array.from({ length: 8 }, () => 503));
    expect(peers.map(({ arrived }) => arrived.length)).toEqual(asked);
    await Promise.all(peers.map((peer) => peer.stop()));
  });
});
