import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { HEALTH_PATH, type BackendProcess } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import {
  isWell,
  SHORT_EJECTIONS,
  untilUnused,
  untilUsed,
  upstreamRig,
  type UpstreamRig,
} from "../harness/upstream-rig.ts";

async function steer(rig: UpstreamRig, { target }: BackendProcess, state: string): Promise<void> {
  const body = { state, ttl_seconds: 600, reason: "a test" };
  expect((await rig.gateway.put(`/upstreams/one/peers/${target}`, body)).status).toBe(200);
}

const sent = (backends: readonly BackendProcess[]): number => backends.reduce((sum, one) => sum + one.requests(), 0);

describeWithEngine("people take peers out", () => {
  test("under load, one after the other, and put them back: no request is lost", async () => {
    const rig = await upstreamRig();
    const load = rig.load();
    for (const backend of rig.backends) {
      await untilUsed(load, backend);
      await steer(rig, backend, "drain");
      await untilUnused(load, backend);
      await steer(rig, backend, "up");
    }
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
    expect(sent(rig.backends)).toBe(load.all.answered);
  });

  test("all of them: 503 with a body that says so, nobody is asked, and it is logged; one back is enough", async () => {
    const rig = await upstreamRig();
    for (const backend of rig.backends) await steer(rig, backend, "down");
    await rig.everyWorker("says so", ({ status }) => status === 503);
    const [before, others] = [sent(rig.backends), sent(rig.backends.slice(1))];
    const answer = await send(rig.gateway.url);
    expect(answer.headers["content-type"]).toContain("application/json");
    expect(JSON.parse(answer.body)).toMatchObject({ error: "E_NO_PEER", message: expect.any(String) as string });
    expect(statuses(await sendMany(24, rig.gateway.url, { method: "POST", body: "x" }))).toEqual({ 503: 24 });
    expect(sent(rig.backends)).toBe(before);
    expect(await rig.decided("upstream:one", "no peer")).toMatchObject({ from: "well", plugin: "dynamic-upstreams" });
    expect(await rig.shown()).toMatchObject({ peers_available: 0, peers_total: 3 });

    await steer(rig, rig.backends[0]!, "up");
    await rig.everyWorker("asks it", isWell);
    await rig.decided("upstream:one", "well");
    expect(sent(rig.backends.slice(1))).toBe(others);
  });
});

describeWithEngine("all peers are dead", () => {
  test.each([
    ["outliers are ejected", { passive: SHORT_EJECTIONS }, "ejected"],
    ["they are probed", { active: { path: HEALTH_PATH, interval_seconds: 0.2, timeout_seconds: 0.3 } }, "panic"],
  ])("where %s: 502 at once, logged; no reload is needed when they are back", async (_name, health, word) => {
    const rig = await upstreamRig({ upstream: { health } });
    const load = rig.load();
    await load.more(50);
    await Promise.all(rig.backends.map((backend) => backend.kill()));
    await load.more(300);
    load.window();
    await load.more(100);
    const { statuses: found, errors } = load.window();
    expect(errors).toEqual([]);
    expect(Object.keys(found)).toEqual(["502"]);
    await eventually("it is logged", async () => (await rig.decisions()).some(({ to }) => to === word));
    await Promise.all(rig.backends.map((backend) => backend.start()));
    await eventually("all is well", async () => {
      load.window();
      await load.more(60);
      const { answered, statuses: now } = load.window();
      return now[200] === answered;
    });
    for (const backend of rig.backends) await untilUsed(load, backend);
    expect((await load.stop()).errors).toEqual([]);
  });
});

describeWithEngine("panic threshold", () => {
  const SICK = { paths: { [HEALTH_PATH]: { status: 503 } } };
  const active = { path: HEALTH_PATH, interval_seconds: 0.2, timeout_seconds: 1, unhealthy_after: 2 };

  test("with fewer healthy peers than it says all are asked, sick ones too; above it none that is sick", async () => {
    const rig = await upstreamRig({ backends: 4, upstream: { health: { active }, balance: { panic_threshold: 50 } } });
    const [one, two, three] = rig.backends;
    const load = rig.load();
    await Promise.all([one!.tell(SICK), two!.tell(SICK)]);
    await rig.until("two are out", ({ peers_available: available }) => available === 2);
    await Promise.all([untilUnused(load, one!), untilUnused(load, two!)]);
    expect((await rig.shown()).panic).toBe(false);

    await three!.tell(SICK);
    const shown = await rig.until("there is panic", ({ panic }) => panic);
    expect(shown).toMatchObject({ peers_available: 4, peers_total: 4 });
    expect(shown.peers[one!.target]).toMatchObject({ state: "unhealthy", takes_requests: true });
    for (const backend of rig.backends) await untilUsed(load, backend);
    expect(await rig.decided("upstream:one", "panic")).toMatchObject({ from: "well", inputs: { taking: 4 } });

    await Promise.all([one, two, three].map((backend) => backend!.tell({ paths: {} })));
    await rig.until(
      "all are well",
      ({ panic, peers }) => !panic && Object.values(peers).every((p) => p.state === "up"),
    );
    await rig.decided("upstream:one", "well");
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });

  test("0: never; a peer that is well gets all", async () => {
    const rig = await upstreamRig({ backends: 4, upstream: { health: { active }, balance: { panic_threshold: 0 } } });
    const [well, ...others] = rig.backends;
    await Promise.all(others.map((backend) => backend.tell(SICK)));
    await rig.until("one is left", ({ peers_available: available }) => available === 1);
    const load = rig.load();
    for (const other of others) await untilUnused(load, other);
    await untilUsed(load, well!);
    expect((await load.stop()).statuses).toEqual({ 200: load.all.answered });
    // Nobody is told of a panic that is none.
    await sleep(1500);
    expect((await rig.decisions()).filter(({ to }) => to === "panic")).toEqual([]);
  });
});
