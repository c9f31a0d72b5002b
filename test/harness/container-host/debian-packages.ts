import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Runs mmdebstrap, with the mirror this machine's own apt uses. Throws with the end of what it printed.
 *
 * @param options before the suite
 * @param suite of Debian, as `trixie`
 * @param target the file or folder to make
 * @param olderSuite where packages are looked for that `suite` has no more
 */
export async function mmdebstrap(
  options: readonly string[],
  suite: string,
  target: string,
  olderSuite?: string,
): Promise<void> {
  const mirror = await debianMirror();
  const line = (name: string): string => `deb ${mirror ?? "http://deb.debian.org/debian"} ${name} main`;
  const ownMirror = mirror === undefined ? [] : [mirror];
  const sources = olderSuite === undefined ? ownMirror : [line(suite), line(olderSuite)];
  try {
    await execute("mmdebstrap", [...options, suite, target, ...sources], {
      timeout: 300_000,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const text = (error as { stderr?: string }).stderr ?? (error as Error).message;
    throw new Error(`mmdebstrap ${suite} failed: ${text.trim().split("\n").slice(-3).join(" ")}`, { cause: error });
  }
}

/** The mirror this machine's own apt uses, when that is one of Debian; undefined: mmdebstrap's default. */
async function debianMirror(): Promise<string | undefined> {
  const format = "$(ORIGIN) $(COMPONENT) $(SUITE) $(SITE)";
  const { stdout } = await execute("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]);
  const rows = stdout.split("\n").map((line) => line.split(" "));
  return rows.find(([origin, component, suite]) => {
    return origin === "Debian" && component === "main" && suite?.includes("-") === false;
  })?.[3];
}

/** A folder of this project outside of the checkout, for what takes long to make. */
export function cacheFolder(name: string): string {
  const named = process.env["XDG_CACHE_HOME"];
  return join(named === undefined || named === "" ? join(homedir(), ".cache") : named, "autoscale-lua", name);
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
