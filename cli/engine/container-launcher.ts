/**
 * The shell program a container runs: OpenResty where the image has it, else nginx with the distribution's modules.
 * Arguments: main-level directives (may be empty), then nginx's own arguments. `exec` makes nginx process 1, so that
 * signals to the container reach it.
 */
export const CONTAINER_LAUNCHER = `
directives=$1; shift
PATH=$PATH:/usr/local/openresty/bin:/usr/sbin
if command -v openresty >/dev/null; then
  nginx=openresty
else
  nginx=nginx
  for folder in /usr/lib/nginx/modules /usr/lib64/nginx/modules; do
    if [ -f "$folder/ngx_http_lua_module.so" ]; then
      directives="load_module $folder/ndk_http_module.so; load_module $folder/ngx_http_lua_module.so; $directives"
      break
    fi
  done
fi
if [ -n "$directives" ]; then exec "$nginx" -g "$directives" "$@"; else exec "$nginx" "$@"; fi
`;
