import { expect, test } from "vitest";
import { backendProcesses, HEALTH_PATH, type BackendProcess } from "../harness/backend-process.ts";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { quantile, startLoad, type Load } from "../harness/steady-load.ts";
import { untilUnused, untilUsed, upstreamRig } from "../harness/upstream-rig.ts";

const targetsOf = (backends: readonly BackendProcess[], weights: readonly number[]): object[] =>
  backends.map(({ port }, index) => ({ host: "127.0.0.1", port, weight: weights[index] ?? 1 }));

/** The share of the answers of a window of so many that are by this peer. */
async function shareOf(load: Load, { target }: BackendProcess, requests: number): Promise<number> {
  load.window();
  await load.more(requests);
  const { peers, answered } = load.window();
  return (peers[target] ?? 0) / answered;
}

const WORKERS = 4;

describeWithEngine("weights", () => {
  test("are kept to over four workers", async () => {
    const weights = [5, 3, 2];
    const backends = await backendProcesses(3);
    const rig = await upstreamRig({ backends, upstream: { targets: targetsOf(backends, weights) } });
    const load = rig.load({ requests: 1000, pauseSeconds: 0 });
    await load.done();
    expect(load.all.statuses).toEqual({ 200: 1000 });
    const mean = 10 / 3;
    backends.forEach((backend, index) => {
      const weight = weights[index] ?? 0;
      // Each worker's rotation is off by less than one turn and the peer's weight beside the mean.
      const slack = WORKERS * (1 + weight / mean);
      expect(Math.abs(backend.requests() - (1000 * weight) / 10)).toBeLessThan(slack);
    });
  });

  test("of a peer that people give another one are followed by all", async () => {
    const rig = await upstreamRig({ backends: 2 });
    const [heavy] = rig.backends;
    const load = rig.load();
    await rig.gateway.put(`/upstreams/one/peers/${heavy!.target}`, { state: "up", weight: 9, ttl_seconds: 600 });
    await eventually("nine of ten requests are for it", async () => {
      const share = await shareOf(load, heavy!, 200);
      return share > 0.87 && share < 0.93;
    });
    await load.stop();
  });
});

describeWithEngine("a pool with one slow peer", () => {
  const FAST = { reply: { delaySeconds: 0.005 } };
  const SLOW = { reply: { delaySeconds: 0.3 } };

  async function slowPool(): Promise<BackendProcess[]> {
    const backends = await backendProcesses(4);
    await Promise.all(backends.map((backend, index) => backend.tell(index === 0 ? SLOW : FAST)));
    return backends;
  }

  test("least-request sends it few, as it has many under way", async () => {
    const backends = await slowPool();
    const rig = await upstreamRig({ backends, upstream: { balance: { policy: "least-request" } } });
    const load = rig.load({ requests: 1500, clients: 24, pauseSeconds: 0 });
    await load.done();
    expect(load.all.statuses).toEqual({ 200: 1500 });
    const slow = load.all.peers[backends[0]!.target] ?? 0;
    // A quarter would be its share; it is asked all the same.
    expect(slow).toBeLessThan(1500 / 8);
    expect(slow).toBeGreaterThan(0);
  });

  test("peak-ewma: the slowest hundredth is at most half as slow as with round-robin, under the same load", async () => {
    const backends = await slowPool();
    const targets = backends.map(({ target }) => target);
    const rig = await upstreamRig({
      backends,
      more: {
        upstreams: {
          one: { targets, balance: { policy: "round-robin" } },
          two: { targets, balance: { policy: "peak-ewma" } },
        },
        routes: [
          { name: "round-robin", path: "/one", upstream: "one" },
          { name: "peak-ewma", path: "/two", upstream: "two" },
        ],
      },
    });
    const loads = ["/one", "/two"].map((path) =>
      startLoad({ url: rig.gateway.url, path: () => path, clients: 16, pauseSeconds: 0 }),
    );
    // What is learned of peers is each worker's own: each meets the slow one some times at first.
    await Promise.all(loads.map((load) => load.more(300)));
    for (const load of loads) load.window();
    await Promise.all(loads.map((load) => load.more(2000)));
    const [roundRobin, peakEwma] = loads.map((load) => load.window());
    await Promise.all(loads.map((load) => load.stop()));
    const [slow] = backends;
    const [p99, other] = [peakEwma!, roundRobin!].map(({ statuses, answered, seconds, peers }) => {
      expect(statuses).toEqual({ 200: answered });
      const share = ((100 * (peers[slow!.target] ?? 0)) / answered).toFixed(1);
      const found = quantile(seconds, 0.99);
      console.info(`p99 ${found.toFixed(3)} s, ${share} % of ${String(answered)} requests for the slow peer`);
      return found;
    });
    expect(p99! / other!).toBeLessThanOrEqual(0.5);
  });

  test("peak-ewma asks one that was slow again, once it is fast", async () => {
    const backends = await slowPool();
    const balance = { policy: "peak-ewma", decay_seconds: 1 };
    const rig = await upstreamRig({ backends, upstream: { balance } });
    const load = rig.load({ clients: 16, pauseSeconds: 0.005 });
    await load.more(500);
    expect(await shareOf(load, backends[0]!, 500)).toBeLessThan(0.08);
    await backends[0]!.tell(FAST);
    await eventually("it has its share", async () => (await shareOf(load, backends[0]!, 300)) > 0.17);
    await load.stop();
  });
});

describeWithEngine("peers tell of their load", () => {
  const LOAD_HEADER = "endpoint-load-metrics";
  const loaded = (utilization: number): object => ({
    reply: { headers: { [LOAD_HEADER]: `TEXT cpu_utilization=${String(utilization)}, rps_fractional=90.0` } },
  });

  test.each(["round-robin", "least-request", "peak-ewma"])("in a header, and %s follows", async (policy) => {
    const balance = { policy, load_header: LOAD_HEADER, load_blackout_seconds: 0 };
    const rig = await upstreamRig({ backends: 2, upstream: { balance } });
    const [idle, busy] = rig.backends;
    await Promise.all([idle!.tell(loaded(0.2)), busy!.tell(loaded(0.8))]);
    const load = rig.load({ clients: 16, pauseSeconds: 0.005 });
    // By their words the one bears four times as much as the other: one in five.
    await eventually("the busy one gets less", async () => (await shareOf(load, busy!, 400)) < 0.35);
    if (policy === "round-robin") {
      await eventually("just its share", async () => Math.abs((await shareOf(load, busy!, 400)) - 0.2) < 0.04);
    }
    await Promise.all([idle!.tell(loaded(0.5)), busy!.tell(loaded(0.5))]);
    await eventually("it is even again", async () => Math.abs((await shareOf(load, busy!, 400)) - 0.5) < 0.1);
    await load.stop();
  });

  test("in words of an agent on the health answer: drain, ready, a share", async () => {
    const active = { path: HEALTH_PATH, interval_seconds: 0.2, agent: true };
    const rig = await upstreamRig({ upstream: { health: { active } } });
    const [told] = rig.backends;
    const say = (body: string): Promise<void> => told!.tell({ paths: { [HEALTH_PATH]: { body } } });
    const load = rig.load();
    await untilUsed(load, told!);
    await say("drain\n");
    await rig.until("it drains", ({ peers }) => peers[told!.target]?.state === "drain");
    await untilUnused(load, told!);
    await say("ready 50%\n");
    // Half of its third: one of five.
    await eventually("it has half of its share", async () => Math.abs((await shareOf(load, told!, 300)) - 0.2) < 0.05);
    await say("100%\n");
    await eventually("it has its share", async () => Math.abs((await shareOf(load, told!, 300)) - 1 / 3) < 0.05);
    await load.stop();
    expect([load.all.errors, load.all.statuses]).toEqual([[], { 200: load.all.answered }]);
  });
});
