import { expect, test } from "vitest";
import type { BackendProcess } from "../harness/backend-process.ts";
import { send, sendMany, statuses } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { quantile } from "../harness/steady-load.ts";
import { upstreamRig } from "../harness/upstream-rig.ts";

const ON = ["connect", "timeout", 502, 503];

/** Of how many requests there was more than one try at the same peer. */
function askedTwice(backends: readonly BackendProcess[]): string[] {
  return backends.flatMap(({ arrived }) => arrived.filter((line, index) => arrived.indexOf(line) !== index));
}

const sent = (backends: readonly BackendProcess[]): number => backends.reduce((sum, one) => sum + one.requests(), 0);

async function allAnswer(backends: readonly BackendProcess[], status: number): Promise<void> {
  await Promise.all(backends.map((backend) => backend.tell({ reply: { status } })));
}

describeWithEngine("retries when all peers answer 503", () => {
  test("are as many as the budget allows: 20 % and not one more, with no minimum", async () => {
    const retries = { attempts: 2, on: ON, budget: 20, budget_minimum: 0 };
    const rig = await upstreamRig({ upstream: { retries } });
    await allAnswer(rig.backends, 503);
    const load = rig.load({ requests: 2000, clients: 16, pauseSeconds: 0 });
    await load.done();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 503: 2000 }]);
    // Each request brings a fifth of a retry, and what is not used decays.
    expect(sent(rig.backends)).toBeLessThanOrEqual(2000 * 1.2);
    expect(sent(rig.backends)).toBeGreaterThan(2000 * 1.1);
  });

  test("with a minimum: so many more a second in each worker, and at first what ten seconds bring", async () => {
    const [minimum, workers] = [5, 2];
    const retries = { attempts: 2, on: ON, budget: 20, budget_minimum: minimum };
    const rig = await upstreamRig({ workers, upstream: { retries } });
    await allAnswer(rig.backends, 503);
    const startedAt = performance.now();
    const load = rig.load({ requests: 2000, clients: 16, pauseSeconds: 0 });
    await load.done();
    const seconds = (performance.now() - startedAt) / 1000;
    const retried = sent(rig.backends) - 2000;
    expect(retried).toBeLessThanOrEqual(2000 * 0.2 + workers * minimum * (seconds + 10));
    expect(retried).toBeGreaterThan(2000 * 0.2);
  });

  test("budget 0 without a minimum: none at all; attempts bound each request", async () => {
    const none = await upstreamRig({ upstream: { retries: { attempts: 2, on: ON, budget: 0, budget_minimum: 0 } } });
    await allAnswer(none.backends, 503);
    expect(statuses(await sendMany(50, none.gateway.url))).toEqual({ 503: 50 });
    expect(sent(none.backends)).toBe(50);
    const some = await upstreamRig({
      backends: 4,
      upstream: { retries: { attempts: 2, on: ON, budget_minimum: 1000 } },
    });
    await allAnswer(some.backends, 503);
    expect(statuses(await sendMany(20, some.gateway.url))).toEqual({ 503: 20 });
    expect(sent(some.backends)).toBe(60);
  });
});

describeWithEngine("a request is retried", () => {
  test("never at the same peer while another is left", async () => {
    const retries = { attempts: 2, on: ON, budget: 100, budget_minimum: 1000 };
    const rig = await upstreamRig({ upstream: { retries } });
    await allAnswer(rig.backends, 503);
    const load = rig.load({ requests: 200, path: (n) => `/${String(n)}` });
    await load.done();
    expect(sent(rig.backends)).toBe(600);
    expect(askedTwice(rig.backends)).toEqual([]);
    expect(rig.backends.map((backend) => backend.requests())).toEqual([200, 200, 200]);
  });

  test("with more attempts than peers those that are left are asked again", async () => {
    const retries = { attempts: 3, on: ON, budget: 100, budget_minimum: 1000 };
    const rig = await upstreamRig({ backends: 2, upstream: { retries } });
    await allAnswer(rig.backends, 503);
    expect(statuses(await sendMany(20, rig.gateway.url))).toEqual({ 503: 20 });
    expect(sent(rig.backends)).toBe(80);
  });

  test("when it is idempotent: a POST that was sent is not sent again, whatever became of it", async () => {
    const retries = { attempts: 2, on: ON, budget_minimum: 1000 };
    const rig = await upstreamRig({ upstream: { retries } });
    const post = { method: "POST", body: "x" };
    await allAnswer(rig.backends, 503);
    expect(statuses(await sendMany(50, rig.gateway.url, post))).toEqual({ 503: 50 });
    expect(sent(rig.backends)).toBe(50);
    await Promise.all(rig.backends.map((backend) => backend.tell({ reply: { hangUp: true } })));
    expect(statuses(await sendMany(50, rig.gateway.url, post))).toEqual({ 502: 50 });
    expect(sent(rig.backends)).toBe(100);
    // Nothing was sent to who refuses connections: then any method may go elsewhere.
    const [dead, ...others] = rig.backends;
    await dead!.kill();
    await Promise.all(others.map((backend) => backend.tell({ reply: {} })));
    expect(statuses(await sendMany(50, rig.gateway.url, post))).toEqual({ 200: 50 });
    expect(sent(rig.backends)).toBe(150);
  });

  test("after the try's own timeout, which holds only where there may be another try", async () => {
    const retries = { attempts: 1, timeout_seconds: 0.3 };
    const rig = await upstreamRig({ backends: 2, upstream: { retries, timeouts: { read: 10 } } });
    const [slow, other] = rig.backends;
    await slow!.tell({ reply: { delaySeconds: 5 } });
    const load = rig.load({ requests: 40, pauseSeconds: 0 });
    await load.done();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: 40 }]);
    expect(load.all.peers).toEqual({ [other!.target]: 40 });
    expect(slow!.requests()).toBeGreaterThan(0);
    expect(quantile(load.all.seconds, 1)).toBeLessThan(5);
    await Promise.all(rig.backends.map((backend) => backend.tell({ reply: { delaySeconds: 1 } })));
    const before = sent(rig.backends);
    expect((await send(rig.gateway.url)).status).toBe(504);
    expect(sent(rig.backends) - before).toBe(2);
    // It is sent once, and waits as long as the upstream says.
    expect((await send(rig.gateway.url, { method: "POST", body: "x" })).status).toBe(200);
    expect(sent(rig.backends) - before).toBe(3);
  });
});
