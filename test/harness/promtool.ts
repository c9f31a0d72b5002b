import { execFile, spawnSync } from "node:child_process";
import type { TestContext } from "vitest";

const hasPromtool = spawnSync("promtool", ["--version"], { stdio: "ignore" }).status === 0;

/**
 * What `promtool check metrics` says of a text: nothing where all is well. A test that comes here without promtool on PATH
 * is skipped, by name.
 */
export function promtool(text: string, context: TestContext): Promise<string> {
  context.skip(!hasPromtool, "no promtool on PATH");
  return new Promise((resolve) => {
    const child = execFile("promtool", ["check", "metrics"], (error, stdout, stderr) => {
      resolve(`${error === null ? "" : error.message}${stdout}${stderr}`);
    });
    child.stdin?.end(text);
  });
}
