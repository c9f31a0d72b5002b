import { rm } from "node:fs/promises";
import { Network } from "testcontainers";
import { expect, test } from "vitest";
import { startBundleContainer } from "../harness/container-engine.ts";
import { describeWithContainers } from "../harness/containers.ts";
import { writeTinyBundle } from "../harness/tiny-bundle.ts";

describeWithContainers("the OpenResty image", () => {
  test("runs Lua from a bundle that is copied in", async () => {
    const bundle = await writeTinyBundle(
      8080,
      `ngx.log(ngx.WARN, "was here") ngx.say(jit.version, " ", require("resty.core").version, " ", ngx.worker.count())`,
      "0.0.0.0",
    );
    const container = await startBundleContainer(bundle, { ports: [8080] });
    try {
      const text = await (await fetch(container.url(8080))).text();
      expect(text).toMatch(/^LuaJIT 2\.1\S* 0\.1\.\d+ 2\n$/);
      expect(await container.logs()).toContain("was here");
    } finally {
      await container.stop();
      await rm(bundle, { recursive: true });
    }
  });

  test("two containers of one network know each other by name", async () => {
    const network = await new Network().start();
    const backend = await writeTinyBundle(8080, 'ngx.say("from the backend")', "0.0.0.0");
    const front = await writeTinyBundle(8080, CALL_BACKEND, "0.0.0.0");
    const served = await startBundleContainer(backend, { ports: [8080], network: { network, alias: "backend" } });
    const calling = await startBundleContainer(front, { ports: [8080], network: { network, alias: "front" } });
    try {
      expect(await (await fetch(calling.url(8080))).text()).toBe("HTTP/1.1 200 OK\n");
    } finally {
      await Promise.all([calling.stop(), served.stop()]);
      await network.stop();
      await Promise.all([backend, front].map((folder) => rm(folder, { recursive: true })));
    }
  });

  test("a bundle that nginx refuses fails with nginx's own text", async () => {
    const bundle = await writeTinyBundle(8080, "", "not an address;");
    await expect(startBundleContainer(bundle, { ports: [8080] })).rejects.toThrow(/\[emerg\]/);
    await rm(bundle, { recursive: true });
  });
});

/** The system's resolver knows the name; nginx's own would need the address of the network's DNS server. */
const CALL_BACKEND = `
  local address = io.popen("getent hosts backend"):read("*l"):match("^%S+")
  local socket = ngx.socket.tcp()
  assert(socket:connect(address, 8080))
  socket:send("GET / HTTP/1.1\\r\\nHost: backend\\r\\nConnection: close\\r\\n\\r\\n")
  ngx.say((socket:receive()))`;
