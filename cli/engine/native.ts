import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findExecutable } from "./executable.ts";
import { luaModuleDirectives } from "./lua-module.ts";
import { runCommand } from "./run-command.ts";
import type { Engine, EngineSearch } from "./types.ts";

const OPENRESTY_FOLDERS = ["/usr/local/openresty/bin", "/usr/local/openresty/nginx/sbin"];
const NGINX_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin"];

/** OpenResty on this machine: it brings the Lua module and lua-resty-core. */
export async function findOpenresty(env: NodeJS.ProcessEnv, folders = OPENRESTY_FOLDERS): Promise<EngineSearch> {
  const file = findExecutable("openresty", env, folders);
  if (file === undefined) return { reason: `no "openresty" on PATH nor in ${folders.join(", ")}` };
  return describeNginx("openresty", file, env);
}

/** nginx with the Lua module, built in or dynamic, together with the lua-resty-core that belongs to it. */
export async function findNginx(env: NodeJS.ProcessEnv, folders = NGINX_FOLDERS): Promise<EngineSearch> {
  const file = findExecutable("nginx", env, folders);
  if (file === undefined) return { reason: `no "nginx" on PATH nor in ${folders.join(", ")}` };
  return describeNginx("nginx", file, env);
}

async function describeNginx(kind: "openresty" | "nginx", file: string, env: NodeJS.ProcessEnv): Promise<EngineSearch> {
  const build = await runCommand({ file, args: ["-V"] }, { env });
  const version = /nginx version: [a-z]+\/(\S+)/i.exec(build.output)?.[1];
  if (!build.ok || version === undefined) return { reason: `${file} -V failed: ${build.output.trim()}` };

  const loadModules = luaModuleDirectives(build.output);
  if (loadModules === undefined) return { reason: `${file} has no Lua module (ngx_http_lua_module)` };

  const engine = nativeEngine(kind, file, version, loadModules);
  const fault = await luaFault(engine, env);
  return fault === undefined ? { engine } : { reason: `${file} cannot run Lua: ${fault}` };
}

function nativeEngine(kind: "openresty" | "nginx", file: string, version: string, loadModules: string): Engine {
  return {
    kind,
    describe: `${kind} ${version} (${file})`,
    loadModules,
    launch(prefix, args, directives = "") {
      const global = [loadModules, directives].filter((text) => text !== "").join(" ");
      return { file, args: ["-p", prefix, "-c", "conf/nginx.conf", ...(global === "" ? [] : ["-g", global]), ...args] };
    },
  };
}

/**
 * Why this nginx cannot run Lua, or undefined. Files that are there may still not fit: a module built for another
 * nginx, or lua-resty-core missing or of another version. Only nginx itself can tell.
 */
async function luaFault(engine: Engine, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const prefix = await mkdtemp(join(tmpdir(), "autoscale-lua-probe-"));
  try {
    await mkdir(join(prefix, "conf"));
    await mkdir(join(prefix, "logs"));
    await writeFile(join(prefix, "conf/nginx.conf"), PROBE_CONF);
    const result = await runCommand(engine.launch(prefix, ["-t"]), { env });
    return result.ok ? undefined : firstFault(result.output);
  } finally {
    await rm(prefix, { recursive: true, force: true });
  }
}

const PROBE_CONF = `pid logs/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path logs;
  proxy_temp_path logs;
  fastcgi_temp_path logs;
  uwsgi_temp_path logs;
  scgi_temp_path logs;
  lua_shared_dict probe 64k;
}
`;

function firstFault(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /\[(?:emerg|alert|error)\]/.test(line)) ?? lines[0] ?? "no message";
}
