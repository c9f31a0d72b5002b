import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, exists, mmdebstrap } from "./debian-packages.ts";
import type { DockerApi } from "./docker-api.ts";

/** An image made of Debian's packages, where no registry has the official one. */
export interface DebianImage {
  /** Raise the number at its end when the contents change: tars and images are kept under this name. */
  readonly name: string;
  readonly suite: string;
  readonly packages: readonly string[];
  /** Where packages are looked for that `suite` has no more. */
  readonly olderSuite?: string;
  /** More options of mmdebstrap. */
  readonly options?: readonly string[];
}

/** Debian 13: nginx 1.26 with ngx_lua 0.10.28, the one of OpenResty 1.27.1. */
export const DEBIAN_SUITE = "trixie";

/** What nginx with the Lua module takes. */
export const NGINX_PACKAGES = [
  "nginx-light",
  "libnginx-mod-http-lua",
  "lua-resty-core",
  "lua-resty-lrucache",
  "lua-cjson",
];

/** nginx with the Lua module, and nothing else. */
export const OPENRESTY_OF_DEBIAN: DebianImage = {
  name: `localhost/autoscale-lua/openresty-debian:${DEBIAN_SUITE}-1`,
  suite: DEBIAN_SUITE,
  packages: NGINX_PACKAGES,
};

/** Makes the image, unless it is here. Its tar is kept, so that only the first run takes its half minute. */
export async function ensureDebianImage(api: DockerApi, image: DebianImage): Promise<void> {
  if (await api.hasImage(image.name)) return;
  const folder = cacheFolder("images");
  const tar = join(folder, `${image.name.replace(/[^a-z0-9.-]/g, "_")}.tar`);
  if (!(await exists(tar))) {
    await mkdir(folder, { recursive: true });
    await buildTar(image, tar);
  }
  await api.importImage(tar, image.name);
}

async function buildTar({ suite, packages, olderSuite, options = [] }: DebianImage, tar: string): Promise<void> {
  const unfinished = `${tar}.${process.pid}`;
  try {
    const include = `--include=${packages.join(",")}`;
    await mmdebstrap(["--variant=apt", include, "--format=tar", ...options], suite, unfinished, olderSuite);
    await rename(unfinished, tar);
  } finally {
    await rm(unfinished, { force: true });
  }
}
