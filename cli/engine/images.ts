/** Container images, pinned here and nowhere else. The environment may name others. */

/** Official OpenResty, built from source on Ubuntu. Its ngx_lua (0.10.28) is also the one of Debian 13. */
export const DEFAULT_OPENRESTY_IMAGE = "openresty/openresty:1.27.1.2-0-jammy";

/** The OpenResty image to use: `OPENRESTY_IMAGE` when it is set and not empty, else the pinned one. */
export function openrestyImage(env: NodeJS.ProcessEnv): string {
  const named = env["OPENRESTY_IMAGE"];
  return named === undefined || named === "" ? DEFAULT_OPENRESTY_IMAGE : named;
}

/** Official Apache APISIX: the tests of its target run the bundle in it. */
export const DEFAULT_APISIX_IMAGE = "apache/apisix:3.14.1-debian";

/** The APISIX image to use: `APISIX_IMAGE` when it is set and not empty, else the pinned one. */
export function apisixImage(env: NodeJS.ProcessEnv): string {
  const named = env["APISIX_IMAGE"];
  return named === undefined || named === "" ? DEFAULT_APISIX_IMAGE : named;
}
