import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findEngine } from "../../cli/engine/find.ts";
import { startEngine } from "../../cli/engine/start.ts";
import { testConfig } from "../../cli/engine/test-config.ts";
import type { Engine } from "../../cli/engine/types.ts";
import { openConnections } from "../harness/connections.ts";
import { freePort } from "../harness/free-port.ts";
import { groupMembers } from "../harness/processes.ts";
import { writeTinyBundle, writeTinyConf } from "../harness/tiny-bundle.ts";

let engine: Engine;
let port: number;
let prefix: string;

beforeEach(async () => {
  const found = await findEngine("auto");
  if (found === undefined) throw new Error("the engine lane needs OpenResty or nginx with the Lua module");
  engine = found;
  port = await freePort();
  prefix = await writeTinyBundle(port, 'ngx.say("one ", ngx.worker.count())');
});
afterEach(() => rm(prefix, { recursive: true }));

const get = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();

describe("testConfig", () => {
  test("a right configuration passes", async () => {
    const result = await testConfig(engine, prefix);
    expect(result.output).toContain("test is successful");
    expect(result.ok).toBe(true);
  });

  test("a wrong one fails with nginx's own line", async () => {
    await writeFile(join(prefix, "conf/nginx.conf"), "events {}\nhttp { nonsense; }\n");
    const result = await testConfig(engine, prefix);
    expect(result.ok).toBe(false);
    expect(result.output).toContain('unknown directive "nonsense"');
    expect(result.output).toContain("nginx.conf:2");
  });
});

describe("startEngine", () => {
  test("serves at once, reloads, and leaves nothing behind", async () => {
    const running = await startEngine(engine, prefix);
    expect(await get()).toBe("one 2\n");
    expect(groupMembers(running.pid)).toHaveLength(3);

    await writeTinyConf(prefix, port, 'ngx.say("two")');
    expect((await running.reload()).ok).toBe(true);
    await expect.poll(get, { timeout: 5000 }).toBe("two\n");

    await running.stop({ graceSeconds: 5 });
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(groupMembers(running.pid)).toEqual([]);
  });

  test("a broken configuration is refused and the old one goes on", async () => {
    const running = await startEngine(engine, prefix);
    await writeFile(join(prefix, "conf/nginx.conf"), "nonsense;\n");
    const result = await running.reload();
    expect(result.ok).toBe(false);
    expect(result.output).toContain("nonsense");
    expect(await get()).toBe("one 2\n");
    await running.stop({ graceSeconds: 0 });
  });

  test("requests in flight are finished within the grace time", async () => {
    await writeTinyConf(prefix, port, 'ngx.sleep(0.5) ngx.say("slow")');
    const running = await startEngine(engine, prefix);
    const answer = get();
    await expect.poll(() => openConnections(port)).toBeGreaterThan(0);
    await running.stop({ graceSeconds: 5 });
    expect(await answer).toBe("slow\n");
  });

  test("a request that outlasts the grace time is dropped", async () => {
    await writeTinyConf(prefix, port, 'ngx.sleep(30) ngx.say("slow")');
    const running = await startEngine(engine, prefix);
    const answer = get().catch(() => "dropped");
    await expect.poll(() => openConnections(port)).toBeGreaterThan(0);
    const begun = Date.now();
    await running.stop({ graceSeconds: 0.3 });
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(await answer).toBe("dropped");
    expect(groupMembers(running.pid)).toEqual([]);
  });

  test("a start that fails throws E_ENGINE_START with nginx's own text", async () => {
    await writeFile(join(prefix, "conf/nginx.conf"), "pid logs/nginx.pid;\nevents {}\nhttp { nonsense; }\n");
    await expect(startEngine(engine, prefix)).rejects.toThrow(/E_ENGINE_START .*unknown directive "nonsense"/s);
  });

  test("a master that is killed takes its workers along", async () => {
    const running = await startEngine(engine, prefix);
    process.kill(running.pid, "SIGKILL");
    expect(await running.exited).toEqual({ code: null, signal: "SIGKILL" });
    expect(groupMembers(running.pid)).toEqual([]);
  });
});
