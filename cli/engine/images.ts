/** Container images, pinned here and nowhere else. The environment may name others. */

function imageOf(named: string | undefined, pinned: string): string {
  return named === undefined || named === "" ? pinned : named;
}

/** Official OpenResty, built from source on Ubuntu. Its ngx_lua (0.10.28) is also the one of Debian 13. */
export const DEFAULT_OPENRESTY_IMAGE = "openresty/openresty:1.27.1.2-0-jammy";

/** The OpenResty image to use: `OPENRESTY_IMAGE` when it is set and not empty, else the pinned one. */
export function openrestyImage(env: NodeJS.ProcessEnv): string {
  return imageOf(env["OPENRESTY_IMAGE"], DEFAULT_OPENRESTY_IMAGE);
}

/** Official Apache APISIX: the tests of its target run the bundle in it. */
export const DEFAULT_APISIX_IMAGE = "apache/apisix:3.14.1-debian";

/** The APISIX image to use: `APISIX_IMAGE` when it is set and not empty, else the pinned one. */
export function apisixImage(env: NodeJS.ProcessEnv): string {
  return imageOf(env["APISIX_IMAGE"], DEFAULT_APISIX_IMAGE);
}

/** Official Kong: the tests of its target run the bundle in it. */
export const DEFAULT_KONG_IMAGE = "kong:3.9.1";

/** The Kong image to use: `KONG_IMAGE` when it is set and not empty, else the pinned one. */
export function kongImage(env: NodeJS.ProcessEnv): string {
  return imageOf(env["KONG_IMAGE"], DEFAULT_KONG_IMAGE);
}
