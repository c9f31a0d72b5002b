import { expect, onTestFinished, test } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { sendMany } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { promtool } from "../harness/promtool.ts";

/** Takes a while in access; with `?fill` it fills the shared dict. */
const BUSY = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => {
  const store = host.store("autoscale");
  let sum = 0;
  let written = 0;
  return {
    access(context) {
      for (let index = 0; index < 20000; index++) sum += index % 7;
      if (context.query("fill") !== undefined) {
        for (let index = 0; index < 500; index++) {
          written += 1;
          store.set("filler" + string.format("%d", written), string.rep("x", 1000));
        }
      }
      return sum < 0 ? undefined : undefined;
    },
  };
};
`;

const WORKER_FAMILIES = [
  "cpu_seconds_total",
  "memory_bytes",
  "lua_memory_bytes",
  "loop_lag_seconds",
  "pressure_ratio",
].map((name) => `gateway_worker_${name}`);

describeWithEngine("what the runtime shows of its node", () => {
  test("workers, connections, dicts and each plugin's time; promtool has nothing to say", async (context) => {
    const backend = await startBackend();
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        shared_memory: { autoscale: "1m" },
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "busy", path: "/", upstream: "one", plugins: { busy: {} } }],
      },
      { files: customPlugin("busy", ["access"], BUSY), workers: 2 },
    );
    const first = await eventually("both workers tell of themselves", async () => {
      const text = await gateway.metrics();
      return text.match(/^gateway_worker_memory_bytes\{/gm)?.length === 2 && text;
    });
    expect(await promtool(first, context)).toBe("");
    for (const worker of ["0", "1"]) {
      for (const family of WORKER_FAMILIES) {
        expect(metric(first, `${family}{worker="${worker}"}`)).toBeGreaterThanOrEqual(0);
      }
      const [resident, lua] = ["memory_bytes", "lua_memory_bytes"].map((name) => {
        return metric(first, `gateway_worker_${name}{worker="${worker}"}`) ?? 0;
      });
      expect(lua).toBeGreaterThan(100_000);
      expect(resident).toBeGreaterThan(lua ?? Infinity);
    }
    expect(metric(first, "gateway_workers")).toBe(2);
    expect(metric(first, 'gateway_connections{state="active"}')).toBeGreaterThan(0);
    expect(metric(first, 'gateway_shared_dict_capacity_bytes{dict="autoscale"}')).toBe(1024 * 1024);
    expect(metric(first, 'gateway_shared_dict_free_bytes{dict="autoscale"}')).toBeGreaterThan(500_000);
    expect(metric(first, 'gateway_shared_dict_evictions_total{dict="autoscale"}')).toBe(0);

    for (let round = 0; round < 20; round++) await sendMany(100, `${gateway.url}/`);
    const used = await eventually("some calls of the plugin were timed", async () => {
      const text = await gateway.metrics();
      return (metric(text, 'gateway_plugin_seconds_total{plugin="busy"}') ?? 0) > 0 && text;
    });
    // 2,000 calls of between some microseconds and a few milliseconds.
    expect(metric(used, 'gateway_plugin_seconds_total{plugin="busy"}')).toBeLessThan(20);
    const cpu = (text: string) => metric(text, 'gateway_worker_cpu_seconds_total{worker="0"}') ?? 0;
    await eventually("processor time grows", async () => cpu(await gateway.metrics()) > cpu(first));

    await sendMany(6, `${gateway.url}/?fill`);
    await eventually("evictions are counted", async () => {
      return (metric(await gateway.metrics(), 'gateway_shared_dict_evictions_total{dict="autoscale"}') ?? 0) > 100;
    });
  });

  test("after a reload the gone workers are shown no more", async () => {
    const backend = await startBackend();
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "busy", path: "/", upstream: "one", plugins: { busy: {} } }],
      },
      { files: customPlugin("busy", ["access"], BUSY), workers: 2 },
    );
    await gateway.reload({ workers: 1 });
    await eventually("one worker is left", async () => {
      return (await gateway.metrics()).match(/^gateway_worker_memory_bytes\{/gm)?.length === 1;
    });
  });
});
