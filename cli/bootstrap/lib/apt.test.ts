import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const { aptInstall } = (await import(new URL("./apt.mjs", import.meta.url).href)) as {
  aptInstall(wanted: (string | string[])[], purpose: string): Promise<string | undefined>;
};

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "autoscale-lua-test-"));
  log = join(folder, "log");
  writeFileSync(log, "");
  // Only these programs are found; the tests must not install anything.
  vi.stubEnv("PATH", folder);
  fake("sh", `shift 3; exec "$@"`);
  fake("sudo", `[ "$1" = -n ] && shift; exec "$@"`);
  fake("true", "");
  fake("apt-get", `echo "$@" >> ${log}`);
  fake("dpkg-query", `case "$3" in here) printf "install ok installed";; *) exit 1;; esac`);
  fake("apt-cache", `case "$2" in absent) echo "Candidate: (none)";; *) echo "  Candidate: 1.0";; esac`);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  said = "";
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

let said: string;

function fake(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const commands = () =>
  readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("install"));

describe("aptInstall", () => {
  test("says what it installs, before it does, and installs only what is missing", async () => {
    expect(await aptInstall(["here", "nginx-light"], "an engine")).toBeUndefined();
    expect(said).toBe("Installing for an engine: nginx-light (Debian packages, by apt-get)\n");
    expect(commands()).toEqual(["install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 nginx-light"]);
  });

  test("of alternatives the first that the archive has is taken", async () => {
    await aptInstall([["absent", "luajit"]], "LuaJIT");
    expect(commands()[0]).toMatch(/ luajit$/);
  });

  test("a package that the archive lacks is a reason, and nothing is installed", async () => {
    expect(await aptInstall(["nginx-light", "absent"], "x")).toBe("the package archive has no absent");
    expect(commands()).toEqual([]);
  });

  test("without apt-get the reason names what is needed", async () => {
    rmSync(join(folder, "apt-get"));
    expect(await aptInstall(["nginx-light"], "x")).toBe("this machine has no apt-get; needed: nginx-light");
  });

  test("without root and sudo the reason is the line to run", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    rmSync(join(folder, "sudo"));
    expect(await aptInstall(["nginx-light"], "x")).toBe(
      "needs root. Run: sudo apt-get install --no-install-recommends nginx-light",
    );
    expect(commands()).toEqual([]);
  });

  test("sudo is used where it asks for no password", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    fake("sudo", `[ "$1" = -n ] || exit 1; shift; echo "install by sudo" >> ${log}; exec "$@"`);
    expect(await aptInstall(["nginx-light"], "x")).toBeUndefined();
    expect(commands()).toContain("install by sudo");
  });

  test("what apt-get says when it fails is the reason", async () => {
    fake("apt-get", `[ "$1" = install ] && { echo "E: no space left"; exit 100; }; exit 0`);
    expect(await aptInstall(["nginx-light"], "x")).toContain("E: no space left");
  });
});
