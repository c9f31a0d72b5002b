/** Container images, pinned here and nowhere else. The environment may name others. */

/** Official OpenResty, built from source on Ubuntu. Its ngx_lua (0.10.28) is also the one of Debian 13. */
export const DEFAULT_OPENRESTY_IMAGE = "openresty/openresty:1.27.1.2-0-jammy";

/** The OpenResty image to use: `OPENRESTY_IMAGE` when it is set and not empty, else the pinned one. */
export function openrestyImage(env: NodeJS.ProcessEnv): string {
  const named = env["OPENRESTY_IMAGE"];
  return named === undefined || named === "" ? DEFAULT_OPENRESTY_IMAGE : named;
}
