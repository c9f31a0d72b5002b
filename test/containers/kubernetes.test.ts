/** The pod of the kubernetes target, as its manifests describe it, in a container: what a cluster would start. */
import { rm } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Network, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare } from "../../cli/build/pipeline.ts";
import { type BundleContainer, startBundleContainer } from "../harness/container-engine.ts";
import { describeWithContainers } from "../harness/containers.ts";
import { startDeployment } from "../harness/kubernetes-container.ts";
import { appliedObjects, type Manifest, objectOf } from "../harness/kubernetes-pod.ts";
import { freshStockLua } from "../harness/stock-lua.ts";
import { temporaryFolder } from "../harness/temporary-files.ts";
import { writeTinyBundle } from "../harness/tiny-bundle.ts";

const GATEWAY = `
listen: [{ port: 8080 }]
admin: { address: 0.0.0.0, token: t0ken }
upstreams: { backend: { targets: ["backend:8080"] } }
routes: [{ name: all, path: /, upstream: backend, max_body: 0, plugins: { circuit-breaker: {} } }]
`;

const BACKEND = `ngx.req.read_body() ngx.sleep(tonumber(ngx.var.arg_seconds or 0)) ngx.say("backend ", #(ngx.req.get_body_data() or ""))`;

async function manifests(folder: string): Promise<Manifest[]> {
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, GATEWAY);
  const made = await prepare({ file, cwd: folder, env: {}, targets: ["kubernetes"], luaFolder: freshStockLua() });
  return appliedObjects(made.bundles[0]?.files ?? new Map<string, string>());
}

describeWithContainers("the pod of the kubernetes target", () => {
  const folder = temporaryFolder();
  let objects: readonly Manifest[] = [];
  let network: Awaited<ReturnType<Network["start"]>> | undefined;
  let backend: BundleContainer | undefined;
  let backendBundle = "";
  let started: StartedTestContainer | undefined;
  const gateway = (): StartedTestContainer => {
    if (started === undefined) throw new Error("the gateway did not start");
    return started;
  };
  const url = (port: number): string => `http://${gateway().getHost()}:${String(gateway().getMappedPort(port))}`;
  const logs = async (): Promise<string> => {
    const stream = await gateway().logs();
    let text = "";
    stream.on("data", (part: Buffer | string) => (text += String(part)));
    await new Promise((done) => setTimeout(done, 1500));
    stream.destroy();
    return text;
  };

  beforeAll(async () => {
    objects = await manifests(folder);
    backendBundle = await writeTinyBundle(8080, BACKEND, "0.0.0.0");
    network = await new Network().start();
    backend = await startBundleContainer(backendBundle, { ports: [8080], network: { network, alias: "backend" } });
    started = await startDeployment(objects, folder, network);
  });

  afterAll(async () => {
    await started?.stop();
    await backend?.stop();
    await network?.stop();
    await rm(backendBundle, { recursive: true, force: true });
  });

  test("serves, as somebody who is not root and on a root that nothing can be written to", async () => {
    expect(await (await fetch(url(8080))).text()).toBe("backend 0\n");
    expect((await gateway().exec(["id", "-u"])).output.trim()).toBe("65532");
    const mounts = (await gateway().exec(["cat", "/proc/mounts"])).output;
    for (const place of ["/", "/srv/gateway/conf", "/srv/gateway/lua"]) {
      expect(mounts).toMatch(new RegExp(`^\\S+ ${place} \\S+ ro\\b`, "m"));
    }
    expect((await gateway().exec(["sh", "-c", "cat /proc/1/comm; grep CapEff /proc/1/status"])).output).toMatch(
      /^(nginx|openresty)\nCapEff:\s+0+\n$/,
    );
  });

  test("keeps a body that does not fit into memory in its temporary files", async () => {
    const body = "x".repeat(1024 * 1024);
    expect((await fetch(url(8080), { method: "POST", body })).status).toBe(200);
  });

  test("answers the probe, and logs to the container's output", async () => {
    const { path } = objectOf(objects, "Deployment")["spec"].template.spec.containers[0].readinessProbe
      .httpGet as Manifest;
    expect((await fetch(`${url(9180)}${String(path)}`)).status).toBe(200);
    await fetch(`${url(8080)}/seen-in-the-log`);
    const text = await logs();
    expect(text).toContain('"path":"/seen-in-the-log"');
    expect(text).toContain("start worker process");
    expect(text).not.toMatch(/\[(alert|emerg|crit|error)\]/);
  });

  test("ends when its last request is answered", async () => {
    const command = objectOf(objects, "Deployment")["spec"].template.spec.containers[0].lifecycle.preStop.exec.command;
    const slow = fetch(`${url(8080)}/?seconds=8`);
    // The container goes away under the command, as it does in a pod.
    const ending = gateway()
      .exec(command as string[])
      .catch(() => undefined);
    const answer = await slow;
    expect([answer.status, await answer.text()]).toEqual([200, "backend 0\n"]);
    await ending;
    await expect(fetch(url(8080))).rejects.toThrow("fetch failed");
  });
});
