import { execFile } from "node:child_process";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DockerApi } from "./docker-api.ts";

const execute = promisify(execFile);

/** Debian 13: nginx 1.26 with ngx_lua 0.10.28, the one of OpenResty 1.27.1. */
const SUITE = "trixie";
const PACKAGES = ["nginx-light", "libnginx-mod-http-lua", "lua-resty-core", "lua-resty-lrucache", "lua-cjson"];

/** Raise the number when the contents change: tars and images are kept under this name. */
export const DEBIAN_IMAGE = `localhost/autoscale-lua/openresty-debian:${SUITE}-1`;

/**
 * Makes the image of nginx with the Lua module from Debian's packages, where no registry has the official one. The tar
 * of it is kept outside of the checkout, so that only the first run takes its half minute.
 */
export async function ensureDebianImage(api: DockerApi): Promise<void> {
  if (await api.hasImage(DEBIAN_IMAGE)) return;
  const folder = join(cacheFolder(), "autoscale-lua", "images");
  const tar = join(folder, `${DEBIAN_IMAGE.replace(/[^a-z0-9.-]/g, "_")}.tar`);
  if (!(await exists(tar))) {
    await mkdir(folder, { recursive: true });
    await buildTar(tar);
  }
  await api.importImage(tar, DEBIAN_IMAGE);
}

async function buildTar(tar: string): Promise<void> {
  const unfinished = `${tar}.${process.pid}`;
  const mirror = await debianMirror();
  const include = `--include=${PACKAGES.join(",")}`;
  const args = ["--variant=apt", include, "--format=tar", SUITE, unfinished, ...(mirror === undefined ? [] : [mirror])];
  try {
    await execute("mmdebstrap", args, { timeout: 300_000, maxBuffer: 16 * 1024 * 1024 });
    await rename(unfinished, tar);
  } catch (error) {
    const text = (error as { stderr?: string }).stderr ?? (error as Error).message;
    throw new Error(`mmdebstrap ${SUITE} failed: ${text.trim().split("\n").slice(-3).join(" ")}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true });
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

function cacheFolder(): string {
  const named = process.env["XDG_CACHE_HOME"];
  return named === undefined || named === "" ? join(homedir(), ".cache") : named;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
