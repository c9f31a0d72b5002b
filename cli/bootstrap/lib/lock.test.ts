import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";

const { withLock } = (await import(new URL("./lock.mjs", import.meta.url).href)) as {
  withLock<T>(file: string, work: () => Promise<T>): Promise<T>;
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "autoscale-lua-test-"));
  file = join(folder, "below/lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("two at once do their work one after the other", async () => {
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await sleep(50);
    seen.push(`${name} ends`);
  };
  await Promise.all([withLock(file, work("one")), withLock(file, work("two"))]);
  expect(seen).toEqual(["one begins", "one ends", "two begins", "two ends"]);
});

test("work that throws gives the lock back", async () => {
  await expect(withLock(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(file)).toBe(false);
});

test("the lock of a process that has died is taken over", async () => {
  await withLock(file, () => Promise.resolve());
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  writeFileSync(file, String(dead));
  expect(await withLock(file, () => Promise.resolve("done"))).toBe("done");
});
