import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { upstreamRig, type UpstreamRig } from "../harness/upstream-rig.ts";

/** Two peers, of which one answers every request with this status; each such answer is tried again at the other. */
async function rigWith(status: number): Promise<UpstreamRig> {
  const passive = {
    consecutive_errors: 0,
    consecutive_gateway_errors: 3,
    failure_rate: 0,
    success_rate_stdev: 0,
    max_ejected: 50,
  };
  const rig = await upstreamRig({
    backends: 2,
    upstream: { health: { passive }, retries: { attempts: 1, budget: 100, on: ["connect", status] } },
  });
  await rig.backends[0]!.tell({ reply: { status } });
  return rig;
}

async function stateOf(rig: UpstreamRig): Promise<string | undefined> {
  return (await rig.shown()).peers[rig.backends[0]!.target]?.state;
}

describeWithEngine("an answer that is tried again", () => {
  test("counts by its status: 500 is no failure of the way to the peer", async () => {
    const rig = await rigWith(500);
    const load = rig.load({ requests: 200 });
    await load.done();
    expect(load.all.statuses).toEqual({ 200: 200 });
    expect(rig.backends[0]!.requests()).toBeGreaterThan(50);
    expect(await stateOf(rig)).toBe("up");
  });

  test("counts by its status: 503 is one", async () => {
    const rig = await rigWith(503);
    const load = rig.load();
    await eventually("it is ejected", async () => (await stateOf(rig)) === "ejected");
    await load.stop();
    expect(load.all.statuses).toEqual({ 200: load.all.answered });
  });
});
