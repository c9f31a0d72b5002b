import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, exists, mmdebstrap } from "./debian-packages.ts";

const execute = promisify(execFile);

/** Debian 13: Compose 2.26, one program that runs on older systems too. */
const SUITE = "trixie";
const IN_PACKAGE = "usr/libexec/docker/cli-plugins/docker-compose";

/** The words a Compose command line begins with. Throws, with the reason, when there is no Compose of version 2. */
export async function composeProgram(): Promise<readonly [string, ...string[]]> {
  const installed = [["docker", "compose"], ["docker-compose"]] as const;
  for (const command of installed) if (await isVersion2(command)) return command;
  const kept = join(cacheFolder("programs"), `docker-compose-${SUITE}`);
  if (!(await exists(kept))) await takeFromDebian(kept);
  if (await isVersion2([kept])) return [kept];
  throw new Error(`${kept} does not run here`);
}

async function isVersion2([file, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const text = await execute(file, [...args, "version", "--short"], { timeout: 20_000 }).then(
    ({ stdout }) => stdout,
    () => "",
  );
  return /^v?[2-9]\./.test(text);
}

async function takeFromDebian(target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "autoscale-compose-"));
  try {
    // Extracts the package and what it links, and runs nothing of it.
    const options = ["--variant=extract", "--include=docker-compose", "--format=directory"];
    await mmdebstrap(options, SUITE, join(folder, "root"));
    await mkdir(cacheFolder("programs"), { recursive: true });
    // By a rename: another run never sees half of it.
    await copyFile(join(folder, "root", IN_PACKAGE), `${target}.${process.pid}`);
    await rename(`${target}.${process.pid}`, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
