import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { gate, startBackend } from "../harness/backend.ts";
import { TOUCHY } from "../harness/breaker-gateway.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest } from "../harness/gateway.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { groupMembers, isAlive } from "../harness/processes.ts";

describeWithEngine("the end of a gateway", () => {
  test("after stop nothing is left: no process, no port, no file; not even after a worker was killed", async () => {
    const held = gate();
    const backend = await startBackend({ respond: held.respond });
    onTestFinished(() => backend.stop());
    const gateway = await gatewayForTest({
      upstreams: { one: { targets: [backend.target] } },
      routes: [{ name: "all", path: "/", upstream: "one", plugins: { "circuit-breaker": TOUCHY } }],
    });
    const [first, ...others] = await gateway.workerPids();
    expect(others).toHaveLength(3);
    process.kill(first ?? 0, "SIGKILL");
    await eventually("the master starts another", async () => {
      const pids = await gateway.workerPids();
      return pids.length === 4 && !pids.includes(first ?? 0);
    });
    const pids = [...(await gateway.workerPids()), gateway.masterPid];
    const inFlight = send(gateway.url).catch(() => "dropped");
    await eventually("a request is in flight", () => backend.arrived.length === 1);

    await gateway.stop();
    expect(await inFlight).toBe("dropped");
    expect(pids.filter(isAlive)).toEqual([]);
    expect(groupMembers(gateway.masterPid)).toEqual([]);
    await expect(send(gateway.url)).rejects.toThrow("ECONNREFUSED");
    await expect(send(gateway.adminUrl)).rejects.toThrow("ECONNREFUSED");
    expect(existsSync(gateway.folder)).toBe(false);
    held.open();
  });
});
