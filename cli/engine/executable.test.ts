import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findExecutable } from "./executable.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "autoscale-lua-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, mode: number): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, mode);
  return file;
}

test("the first folder of PATH wins", () => {
  const first = program("a/tool", 0o755);
  program("b/tool", 0o755);
  expect(findExecutable("tool", { PATH: `${folder}/a:${folder}/b` })).toBe(first);
});

test("a folder, or a file that may not be run, is no program", () => {
  mkdirSync(join(folder, "a/tool"), { recursive: true });
  program("b/tool", 0o644);
  expect(findExecutable("tool", { PATH: `${folder}/a:${folder}/b` })).toBeUndefined();
});

test("the extra folders come after PATH", () => {
  const extra = program("sbin/tool", 0o755);
  expect(findExecutable("tool", {}, [join(folder, "sbin")])).toBe(extra);
});
