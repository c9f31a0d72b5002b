import { expect, test } from "vitest";
import { HEALTH_PATH } from "../harness/backend-process.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { SHORT_EJECTIONS, untilUnused, untilUsed, upstreamRig } from "../harness/upstream-rig.ts";
import type { Tally } from "../harness/steady-load.ts";

/** All were answered, and all with 200. */
function expectNoLoss(tally: Tally): void {
  const { errors, resent, odd, statuses } = tally;
  expect({ errors, resent, odd, statuses }).toEqual({
    errors: [],
    resent: 0,
    odd: [],
    statuses: { 200: tally.answered },
  });
}

const PASSIVE = { health: { passive: SHORT_EJECTIONS } };
const PROBED = { path: HEALTH_PATH, interval_seconds: 0.2, timeout_seconds: 0.3 };

describeWithEngine("a peer that is killed", () => {
  test("costs no request, is ejected, and is asked again when it is back", async () => {
    const rig = await upstreamRig({ upstream: PASSIVE });
    const [victim] = rig.backends;
    const load = rig.load();
    await untilUsed(load, victim!);
    await victim!.kill();
    const ejected = await rig.decided(`peer:one/${victim!.target}`, "ejected");
    expect(ejected).toMatchObject({ plugin: "dynamic-upstreams", from: "healthy" });
    await load.more(200);
    await victim!.start();
    await untilUsed(load, victim!);
    await load.more(200);
    expectNoLoss(await load.stop());
    // Each request that was answered arrived, and the retried ones never did: who refuses a connection gets none.
    const arrived = rig.backends.reduce((sum, backend) => sum + backend.requests(), 0);
    expect(arrived - load.all.answered).toBeGreaterThanOrEqual(0);
    expect(arrived - load.all.answered).toBeLessThanOrEqual(8);
  });

  test("is found by probes alone too", async () => {
    const rig = await upstreamRig({ upstream: { health: { active: PROBED } } });
    const [victim] = rig.backends;
    const load = rig.load();
    await untilUsed(load, victim!);
    await victim!.kill();
    await rig.until("it is unhealthy", ({ peers }) => peers[victim!.target]?.state === "unhealthy");
    await untilUnused(load, victim!);
    await victim!.start();
    await rig.until("it is up", ({ peers }) => peers[victim!.target]?.state === "up");
    await untilUsed(load, victim!);
    expectNoLoss(await load.stop());
    const changes = (await rig.decisions()).filter(({ subject }) => subject === `peer:one/${victim!.target}`);
    expect(changes.map(({ from, to }) => `${from}>${to}`)).toEqual(["healthy>unhealthy", "unhealthy>healthy"]);
  });

  test("every worker of four heeds it, also those that sent nothing to it", async () => {
    const rig = await upstreamRig({ upstream: { health: { active: PROBED } } });
    const [victim, ...others] = rig.backends;
    await victim!.kill();
    await rig.until("it is unhealthy", ({ peers }) => peers[victim!.target]?.takes_requests === false);
    const load = rig.load({ requests: 300 });
    await load.done();
    expectNoLoss(load.all);
    expect(others.reduce((sum, backend) => sum + backend.requests(), 0)).toBe(300);
  });
});

describeWithEngine("a peer that hangs: connections are made, and nothing is answered", () => {
  const TIMES = { timeouts: { read: 5 }, retries: { attempts: 2, timeout_seconds: 0.4 } };

  test("costs no request, is ejected, and is asked again when it goes on", async () => {
    const rig = await upstreamRig({ upstream: { ...PASSIVE, ...TIMES } });
    const [victim] = rig.backends;
    const load = rig.load();
    await untilUsed(load, victim!);
    await victim!.hang();
    await rig.decided(`peer:one/${victim!.target}`, "ejected");
    await load.more(200);
    victim!.goOn();
    await untilUsed(load, victim!);
    await load.more(100);
    expectNoLoss(await load.stop());
  });

  test("is found by probes, which time out", async () => {
    const rig = await upstreamRig({ upstream: { health: { active: PROBED }, ...TIMES } });
    const [victim] = rig.backends;
    const load = rig.load();
    await untilUsed(load, victim!);
    await victim!.hang();
    const { peers } = await rig.until("it is unhealthy", (shown) => shown.peers[victim!.target]?.state === "unhealthy");
    expect(peers[victim!.target]?.why).toMatch(/time/);
    await untilUnused(load, victim!);
    victim!.goOn();
    await untilUsed(load, victim!);
    expectNoLoss(await load.stop());
  });
});

describeWithEngine("half of the peers answer 500", () => {
  const SICK = { reply: { status: 500 } };
  const RETRIES = { retries: { attempts: 2, on: ["connect", "timeout", 500] } };

  test("costs no request; both are ejected, and asked again when they are well", async () => {
    const health = { passive: { ...SHORT_EJECTIONS, max_ejected: 50 } };
    const rig = await upstreamRig({ backends: 4, upstream: { health, ...RETRIES } });
    const [one, two] = rig.backends;
    const load = rig.load();
    await load.more(100);
    await Promise.all([one!.tell(SICK), two!.tell(SICK)]);
    for (const sick of [one, two]) {
      const { reason } = await rig.decided(`peer:one/${sick!.target}`, "ejected");
      expect(reason).toMatch(/in a row|failure/);
    }
    await load.more(300);
    await Promise.all([one!.tell({ reply: {} }), two!.tell({ reply: {} })]);
    await rig.until("all are up", ({ peers_available: available, panic }) => available === 4 && !panic);
    await Promise.all([untilUsed(load, one!), untilUsed(load, two!)]);
    expectNoLoss(await load.stop());
  });

  test("without retries every answer reaches the client, and they soon end", async () => {
    const health = { passive: { max_ejected: 50 } };
    const rig = await upstreamRig({ backends: 4, upstream: { health, retries: { attempts: 0 } } });
    const [one, two] = rig.backends;
    await Promise.all([one!.tell(SICK), two!.tell(SICK)]);
    const load = rig.load();
    await rig.until("both are ejected", ({ peers_available: available }) => available === 2);
    await Promise.all([untilUnused(load, one!), untilUnused(load, two!)]);
    load.window();
    await load.more(200);
    expectNoLoss(load.window());
    await load.stop();
    expect(load.all.errors).toEqual([]);
    // What arrived is what was answered: nothing was sent twice.
    expect(rig.backends.reduce((sum, backend) => sum + backend.requests(), 0)).toBe(load.all.answered);
    expect(load.all.statuses[500]).toBe(one!.requests() + two!.requests());
  });
});
