import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes a bundle by hand: the smallest nginx prefix that runs Lua. The caller removes the folder. */
export async function writeTinyBundle(port: number, lua: string, address = "127.0.0.1"): Promise<string> {
  const prefix = await mkdtemp(join(tmpdir(), "autoscale-lua-bundle-"));
  for (const folder of ["conf", "logs", "temp"]) await mkdir(join(prefix, folder));
  await writeTinyConf(prefix, port, lua, address);
  return prefix;
}

/** Writes the configuration anew, for tests of reload. */
export async function writeTinyConf(prefix: string, port: number, lua: string, address = "127.0.0.1"): Promise<void> {
  await writeFile(join(prefix, "conf/nginx.conf"), tinyConf(port, lua, address));
}

function tinyConf(port: number, lua: string, address: string): string {
  return `worker_processes 2;
pid logs/nginx.pid;
error_log logs/error.log info;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  server {
    listen ${address}:${port};
    location / { content_by_lua_block { ${lua} } }
  }
}
`;
}
