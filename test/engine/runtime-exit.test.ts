import { expect, onTestFinished, test } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send, sendMany, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { TELL_WORKER } from "../harness/pinned-workers.ts";

/** Counts requests in the worker, and adds them to the shared count every 30 seconds: later than any test waits. */
const TALLY = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  const store = host.store("autoscale");
  const tally = host.shared("tally", (worker) => {
    const own = { count: 0, slot: worker.slot };
    const flush = (): void => {
      store.incr("tally", own.count, 0, 0);
      own.count = 0;
    };
    worker.timer.every(30, flush);
    worker.atExit(() => error("a task that throws"));
    worker.atExit(flush);
    return own;
  });
  return {
    header_filter(context) {
      context.setResponseHeader("X-Slot", string.format("%d", tally.slot()));
    },
    log() {
      tally.count += 1;
    },
    metrics(emit) {
      emit("gateway_tally_total", "counter", "Requests.", {}, tonumber(store.get("tally")) ?? 0);
    },
  };
};
`;

/** Worker's pid to its slot; fails when a worker has two. */
function slotsOf(answers: readonly Answer[]): Map<string, string> {
  const slots = new Map<string, string>();
  for (const { headers } of answers) {
    const [pid, slot] = [String(headers["x-worker"]), String(headers["x-slot"])];
    expect(slots.get(pid) ?? slot).toBe(slot);
    slots.set(pid, slot);
  }
  return slots;
}

describeWithEngine("a worker that is told to finish", () => {
  test("what it counted is kept, also of requests that end long after; its slot is nobody else's", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const backend = await startBackend({
      respond: async ({ url }, response) => {
        if (url === "/long") await released;
        response.end("done");
      },
    });
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "all", path: "/", upstream: "one", plugins: { tally: {} } }],
        nginx: { server: [TELL_WORKER] },
      },
      { files: customPlugin("tally", ["header_filter", "log"], TALLY), workers: 3 },
    );
    const before = await gateway.workerPids();
    const long = [send(`${gateway.url}/long`), send(`${gateway.url}/long`)];
    await eventually("both are under way", () => backend.arrived.length === 2);
    const early = await sendMany(40, `${gateway.url}/quick`);
    const reload = gateway.reload();
    await eventually("new workers serve", async () => {
      return (await gateway.workerPids()).some((pid) => !before.includes(pid));
    });
    await eventually(
      "the old ones have flushed",
      async () => metric(await gateway.metrics(), "gateway_tally_total") === 40,
    );
    const late = await sendMany(40, `${gateway.url}/quick`);
    release();
    const ended = await Promise.all(long);
    expect((await reload).ok).toBe(true);
    expect(metric(await gateway.metrics(), "gateway_tally_total")).toBe(42);
    const slots = slotsOf([...early, ...late, ...ended]);
    expect(new Set([...slotsOf([...late, ...ended]).values()]).size).toBe(slotsOf([...late, ...ended]).size);
    for (const { headers } of ended) expect(before.map(String)).toContain(headers["x-worker"]);
    expect([...slots.values()].every((slot) => Number(slot) < 6)).toBe(true);
    // What the old ones had is free again.
    await gateway.reload();
    expect((await sendMany(40, `${gateway.url}/quick`)).every(({ headers }) => Number(headers["x-slot"]) < 6)).toBe(
      true,
    );
    expect(metric(await gateway.metrics(), "gateway_tally_total")).toBe(82);
    expect(await gateway.errorLog()).toContain("a task at the worker's end failed: ");
  });

  test("a worker that is killed leaves its slot to the next one", async () => {
    const backend = await startBackend();
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "all", path: "/", upstream: "one", plugins: { tally: {} } }],
        nginx: { server: [TELL_WORKER] },
      },
      { files: customPlugin("tally", ["header_filter", "log"], TALLY), workers: 2 },
    );
    const before = await gateway.workerPids();
    process.kill(before[0] ?? 0, "SIGKILL");
    await eventually("another one is there", async () => {
      const now = await gateway.workerPids();
      return now.length === 2 && !now.includes(before[0] ?? 0);
    });
    const slots = await eventually("both have answered", async () => {
      const found = slotsOf(await sendMany(20, `${gateway.url}/quick`));
      return found.size === 2 && found;
    });
    expect([...slots.values()].sort()).toEqual(["0", "1"]);
  });
});
