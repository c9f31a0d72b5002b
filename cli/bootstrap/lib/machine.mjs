import { run } from "./run.mjs";

/** Whether a program is on PATH, or in the folders for administrators that a user's PATH often lacks. */
export async function hasProgram(name) {
  const PATH = `${process.env.PATH ?? ""}:/usr/sbin:/usr/local/sbin`;
  const found = await run("sh", ["-c", 'command -v "$1"', "sh", name], { env: { ...process.env, PATH } });
  return found.ok;
}

/** Whether a Docker engine answers, be it Docker's own or one that `DOCKER_HOST` names. */
export async function hasDockerEngine() {
  return (await run("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutSeconds: 20 })).ok;
}

/**
 * Whether OpenResty, or nginx with the Lua module, is on this machine. A rough look that needs no build: the command
 * line, which is built later, tests the engine by running it.
 */
export async function hasEngine() {
  const folders = "/usr/local/openresty/bin:/usr/local/openresty/nginx/sbin:/usr/sbin";
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:${folders}` };
  const openresty = await run("openresty", ["-v"], { env });
  if (openresty.ok) return true;
  const script = `
    build=$(nginx -V 2>&1) || exit 1
    case $build in *--add-module=*ngx_lua-* | *--add-module=*lua-nginx-module*) exit 0 ;; esac
    modules=$(printf '%s' "$build" | sed -n 's/.*--modules-path=\\([^ ]*\\).*/\\1/p')
    for folder in $modules /usr/lib/nginx/modules /usr/lib64/nginx/modules /usr/share/nginx/modules; do
      [ -f "$folder/ngx_http_lua_module.so" ] && [ -f "$folder/ndk_http_module.so" ] && exit 0
    done
    exit 1`;
  return (await run("sh", ["-c", script], { env })).ok;
}
