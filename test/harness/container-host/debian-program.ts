import { copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, exists, mmdebstrap } from "./debian-packages.ts";

/** A program that a Debian package brings, and that needs nothing but the C library of whatever system. */
export interface DebianProgram {
  readonly package: string;
  /** Of Debian, as `trixie`. */
  readonly suite: string;
  /** In the package, as `usr/bin/consul`. */
  readonly path: string;
}

/** The program's file: taken from its package once, and kept outside of the checkout. Throws when it cannot be had. */
export async function debianProgram(program: DebianProgram): Promise<string> {
  const kept = join(cacheFolder("programs"), `${program.package}-${program.suite}`);
  if (!(await exists(kept))) await take(program, kept);
  return kept;
}

async function take({ package: name, suite, path }: DebianProgram, target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `autoscale-${name}-`));
  try {
    // Extracts the package and what it links, and runs nothing of it.
    await mmdebstrap(["--variant=extract", `--include=${name}`, "--format=directory"], suite, join(folder, "root"));
    await mkdir(cacheFolder("programs"), { recursive: true });
    // By a rename: another run never sees half of it.
    await copyFile(join(folder, "root", path), `${target}.${process.pid}`);
    await rename(`${target}.${process.pid}`, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
