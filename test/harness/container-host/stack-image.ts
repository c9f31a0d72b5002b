import { DEBIAN_SUITE, NGINX_PACKAGES, type DebianImage } from "./debian-image.ts";

/** What OpenResty's own program is in the official image: here Debian's nginx, which loads its Lua module. */
const OPENRESTY_PROGRAM = `#!/bin/sh
modules=/usr/lib/nginx/modules
exec nginx -g "load_module $modules/ndk_http_module.so; load_module $modules/ngx_http_lua_module.so;" "$@"
`;

/** Nobody reads manuals in it, and there are many. */
const NO_PROSE = ["doc", "man", "locale"].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);

/** Every program of the local stack but Grafana, which Debian does not have. wget is for the gateway's health check. */
export const STACK_OF_DEBIAN: DebianImage = {
  name: `localhost/autoscale-lua/stack-debian:${DEBIAN_SUITE}-1`,
  suite: DEBIAN_SUITE,
  // The last one with Consul.
  olderSuite: "bullseye",
  packages: [...NGINX_PACKAGES, "nodejs", "prometheus", "redis-server", "consul", "wget"],
  options: [
    ...NO_PROSE,
    `--customize-hook=printf %s '${OPENRESTY_PROGRAM}' > "$1/usr/bin/openresty"`,
    '--customize-hook=chmod 755 "$1/usr/bin/openresty"',
  ],
};
