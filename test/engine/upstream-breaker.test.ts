import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { TELL_WORKER } from "../harness/pinned-workers.ts";
import { isWell, untilUsed, upstreamRig, writePeers, type UpstreamRig } from "../harness/upstream-rig.ts";

const BREAKER = {
  scope: "peer",
  window: { type: "time", seconds: 60 },
  minimum_calls: 10,
  failure_rate: 50,
  adapt: { pressure: false },
  half_open: { calls: 4 },
};

/** A route with a breaker for each peer before an upstream whose peers are found in a file. */
function guarded(policy: string, openSeconds: number): Promise<UpstreamRig> {
  const plugins = { "circuit-breaker": { ...BREAKER, open: { seconds: openSeconds, jitter: 0 } } };
  return upstreamRig({
    backends: 3,
    upstream: {
      balance: { policy, ...(policy === "consistent-hash" ? { hash_on: ["path"] } : {}) },
      discovery: { file: { path: "peers.json", interval_seconds: 0.2 } },
      retries: { attempts: 1, on: ["connect", "timeout", 500] },
    },
    more: {
      routes: [{ name: "guarded", path: "/", upstream: "one", plugins }],
      nginx: { server: [TELL_WORKER, "location = /free { return 200; }"] },
    },
  });
}

async function stateOf({ gateway }: UpstreamRig, target: string): Promise<string | undefined> {
  const { breakers } = (await gateway.status()) as { breakers?: Record<string, { state: string }> };
  return breakers?.[`peer:one/${target}`]?.state;
}

describeWithEngine("circuit breakers of peers that discovery finds", () => {
  test.each(["round-robin", "least-request", "peak-ewma", "consistent-hash"])(
    "%s: a peer that fails is not asked while its breaker is open, and no request is lost; then it is back",
    async (policy) => {
      const rig = await guarded(policy, 4);
      const { backends, gateway } = rig;
      await writePeers(
        gateway,
        "peers.json",
        backends.map(({ target }) => target),
      );
      await rig.everyWorker("knows them", isWell);
      const load = rig.load({ path: (n) => `/${String(n % 97)}` });
      const [bad] = backends;
      await untilUsed(load, bad!);
      await bad!.tell({ reply: { status: 500 } });
      await eventually("its breaker is open", async () => (await stateOf(rig, bad!.target)) === "open");
      // Each worker learns of it within half a second.
      await load.more(100);
      const before = bad!.requests();
      await load.more(150);
      if ((await stateOf(rig, bad!.target)) === "open") expect(bad!.requests()).toBe(before);
      await bad!.tell({ reply: {} });
      await eventually("it is closed again", async () => (await stateOf(rig, bad!.target)) === "closed");
      await untilUsed(load, bad!);
      await load.stop();
      expect([load.all.errors, load.all.odd, load.all.statuses]).toEqual([[], [], { 200: load.all.answered }]);
    },
  );

  test("one that stays while others come and go keeps its breaker", async () => {
    const rig = await guarded("round-robin", 300);
    const { backends, gateway } = rig;
    const [bad, good, newcomer] = backends;
    await writePeers(gateway, "peers.json", [bad!.target, good!.target]);
    await rig.everyWorker("knows them", isWell);
    await bad!.tell({ reply: { status: 500 } });
    const load = rig.load();
    await eventually("its breaker is open", async () => (await stateOf(rig, bad!.target)) === "open");
    await writePeers(gateway, "peers.json", [newcomer!.target, bad!.target]);
    await untilUsed(load, newcomer!);
    await load.more(50);
    const before = bad!.requests();
    await load.more(150);
    expect(await stateOf(rig, bad!.target)).toBe("open");
    expect(bad!.requests()).toBe(before);
    await load.stop();
    expect([load.all.errors, load.all.odd]).toEqual([[], []]);
  });
});
