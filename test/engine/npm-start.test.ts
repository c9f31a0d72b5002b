import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { descendants, isAlive } from "../harness/processes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let started: ChildProcess | undefined;
afterEach(() => {
  if (started?.pid !== undefined && isAlive(started.pid)) process.kill(-started.pid, "SIGKILL");
});

/** As a terminal does it: npm leads a process group of its own. */
async function npmStart() {
  const child = spawn("npm", ["start"], { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  started = child;
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  await expect.poll(() => printed, { timeout: 90_000, interval: 200 }).toContain("half-open");
  const port = (path: string) => Number(new RegExp(`localhost:(\\d+)${path}`).exec(printed)?.[1]);
  return { child, gateway: port("/users"), admin: port("/status"), backend: port(" \\(users\\)") };
}

async function statuses(gateway: number, calls: number): Promise<number[]> {
  const seen: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const response = await fetch(`http://127.0.0.1:${String(gateway)}/users`);
    await response.arrayBuffer();
    seen.push(response.status);
  }
  return seen;
}

function turnBackend(port: number, knobs: object) {
  return fetch(`http://127.0.0.1:${String(port)}/__knobs`, { method: "POST", body: JSON.stringify(knobs) });
}

// It may have to build lib/ first.
describe("npm start", { timeout: 180_000 }, () => {
  test("what it tells to try happens: the breaker trips, tries, closes; Ctrl-C ends all of it", async () => {
    const { child, gateway, admin, backend } = await npmStart();
    expect(await statuses(gateway, 3)).toEqual([200, 200, 200]);

    await turnBackend(backend, { status: 500 });
    const failing = await statuses(gateway, 15);
    expect(failing[0]).toBe(500);
    expect(failing.at(-1)).toBe(503);

    const page = await fetch(`http://127.0.0.1:${String(admin)}/`);
    expect([page.headers.get("content-type"), await page.text()]).toEqual([
      "text/html; charset=utf-8",
      expect.stringContaining("<!doctype html>") as string,
    ]);

    await turnBackend(backend, {});
    expect(await statuses(gateway, 1)).toEqual([503]);
    await sleep(5500);
    expect(await statuses(gateway, 5)).toEqual([200, 200, 200, 200, 200]);

    const processes = descendants(child.pid ?? 0);
    expect(processes.length).toBeGreaterThan(4);
    process.kill(-(child.pid ?? 0), "SIGINT");
    await once(child, "exit");
    await expect.poll(() => processes.filter(isAlive), { timeout: 15_000 }).toEqual([]);
  });

  test("killing npm without a word ends all of it too", async () => {
    const { child } = await npmStart();
    const processes = descendants(child.pid ?? 0);
    child.kill("SIGKILL");
    await expect.poll(() => processes.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });
});
