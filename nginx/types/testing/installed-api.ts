import { execFileSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const MODULE_FOLDER = "/usr/lib/nginx/modules";
const MODULE_FILES = ["ndk_http_module.so", "ngx_http_lua_module.so"].map((file) => join(MODULE_FOLDER, file));

/** Something found in a worker. */
export interface Installed {
  readonly type: string;
  /** Of numbers and strings. */
  readonly value: string;
}

/** The OpenResty on PATH, else nginx with the Lua module as Debian packs it. */
export function findNginx(): { binary: string; modules: readonly string[] } | undefined {
  const openresty = onPath("openresty");
  if (openresty !== undefined) return { binary: openresty, modules: [] };
  const nginx = onPath("nginx");
  return nginx !== undefined && MODULE_FILES.every((file) => existsSync(file))
    ? { binary: nginx, modules: MODULE_FILES }
    : undefined;
}

/**
 * Runs one worker that listens nowhere, and gives what it has: `ngx.req.get_method`, `NgxTcpSocket:connect`,
 * `ngx.balancer#set_timeouts`, by name.
 */
export function readInstalled(
  { binary, modules }: NonNullable<ReturnType<typeof findNginx>>,
  luaModules: readonly string[],
): Map<string, Installed> {
  const prefix = mkdtempSync(join(tmpdir(), "ngx-types-"));
  try {
    mkdirSync(join(prefix, "logs"));
    const result = join(prefix, "api.txt");
    writeFileSync(join(prefix, "nginx.conf"), configuration(modules, luaModules, result));
    // In the foreground and without a master: the process is gone when this returns.
    execFileSync(binary, ["-p", prefix, "-c", join(prefix, "nginx.conf")], { timeout: 10_000, stdio: "pipe" });
    const lines = readFileSync(result, "utf8").trimEnd().split("\n");
    return new Map(
      lines.map((line) => {
        const [name = "", type = "", value = ""] = line.split("\t");
        return [name, { type, value }];
      }),
    );
  } finally {
    rmSync(prefix, { recursive: true });
  }
}

function configuration(modules: readonly string[], luaModules: readonly string[], result: string): string {
  const script = readFileSync(join(import.meta.dirname, "enumerate.lua"), "utf8");
  return `
${modules.map((file) => `load_module ${file};`).join("\n")}
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  lua_shared_dict probe 64k;
  init_worker_by_lua_block {
    local RESULT = ${JSON.stringify(result)}
    local MODULES = ${JSON.stringify(luaModules.join(" "))}
    -- Sockets can be made in a timer, not here.
    ngx.timer.at(0, function()
${script}
    end)
  }
}
`;
}

function onPath(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
