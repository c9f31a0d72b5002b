import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openConnections } from "../harness/connections.ts";
import { freePort } from "../harness/free-port.ts";
import { groupMembers } from "../harness/processes.ts";
import { writeTinyBundle } from "../harness/tiny-bundle.ts";

const SERVE = fileURLToPath(new URL("fixtures/serve.ts", import.meta.url));

let port: number;
let prefix: string;
beforeEach(async () => {
  port = await freePort();
  prefix = await writeTinyBundle(port, 'ngx.sleep(30) ngx.say("late")');
});
afterEach(() => rm(prefix, { recursive: true }));

async function serve(afterSignal: "die" | "continue") {
  const child = spawn(process.execPath, ["--import", "jiti/register", SERVE, prefix, afterSignal], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/pid \d+\n/);
  return { child, enginePid: Number(/pid (\d+)/.exec(printed)?.[1]), printed: () => printed };
}

async function ended(child: ChildProcess): Promise<string | number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.signalCode ?? child.exitCode;
}

describe("whatever ends our process ends nginx and its workers", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s: stopped in order, then we die of it", async (signal) => {
    const { child, enginePid } = await serve("die");
    child.kill(signal);
    expect(await ended(child)).toBe(signal);
    expect(groupMembers(enginePid)).toEqual([]);
  });

  test("afterSignal continue: our process goes on and ends by itself", async () => {
    const { child, enginePid, printed } = await serve("continue");
    child.kill("SIGTERM");
    expect(await ended(child)).toBe(0);
    expect(printed()).toContain("exited 0");
    expect(groupMembers(enginePid)).toEqual([]);
  });

  test("a second signal does not wait for requests in flight", async () => {
    const { child, enginePid } = await serve("die");
    const answer = fetch(`http://127.0.0.1:${port}/`).catch(() => "dropped");
    await expect.poll(() => openConnections(port)).toBeGreaterThan(0);
    const begun = Date.now();
    child.kill("SIGINT");
    await sleep(200);
    expect(child.exitCode).toBeNull();
    child.kill("SIGHUP");
    expect(await ended(child)).toBe("SIGINT");
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(await answer).toBe("dropped");
    expect(groupMembers(enginePid)).toEqual([]);
  });

  test("SIGKILL, which cannot be caught: the kernel ends nginx", async () => {
    const { child, enginePid } = await serve("die");
    child.kill("SIGKILL");
    await ended(child);
    await expect.poll(() => groupMembers(enginePid), { timeout: 5000 }).toEqual([]);
  });
});
