import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { findEngine } from "../../cli/engine/find.ts";
import { startEngine } from "../../cli/engine/start.ts";
import { testConfig } from "../../cli/engine/test-config.ts";
import { containerImage, describeWithContainers } from "../harness/containers.ts";
import { freePort } from "../harness/free-port.ts";
import { writeTinyBundle, writeTinyConf } from "../harness/tiny-bundle.ts";

describeWithContainers("the engine in a container", () => {
  test("checks, serves, reloads and stops a bundle of this machine", async () => {
    const env = { ...process.env, OPENRESTY_IMAGE: containerImage };
    const engine = await findEngine("container", env);
    if (engine === undefined) throw new Error("neither docker nor podman works as a command");
    const port = await freePort();
    const get = async () => (await fetch(`http://127.0.0.1:${String(port)}/`)).text();
    const bundle = await writeTinyBundle(port, 'ngx.say("one")');
    try {
      expect(await testConfig(engine, bundle, env)).toMatchObject({ ok: true });
      const running = await startEngine(engine, bundle, { env });
      expect(await get()).toBe("one\n");

      await writeTinyConf(bundle, port, 'ngx.say("two")');
      expect((await running.reload()).ok).toBe(true);
      await expect.poll(get, { timeout: 10_000 }).toBe("two\n");

      await running.stop({ graceSeconds: 5 });
      await expect(get()).rejects.toThrow("fetch failed");
    } finally {
      await rm(bundle, { recursive: true });
    }
  });
});
