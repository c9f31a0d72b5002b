import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { startEngine } from "../../cli/engine/start.ts";
import type { RunningEngine } from "../../cli/engine/running.ts";
import { childProcesses } from "../../cli/engine/worker-processes.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { send } from "./http-request.ts";
import { luaModules } from "./lua-modules.ts";
import { nativeEngine } from "./native-engine.ts";

export interface LabOptions {
  /** Default 1. */
  readonly workers?: number;
  /** More lines of the http block. */
  readonly http?: readonly string[];
  /** More lines outside of it. */
  readonly main?: readonly string[];
  /** Lua text that each worker runs at its start; it knows what `run` does. */
  readonly each?: string;
  /** Files of the prefix: path to text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A worker's answer. */
export interface LabAnswer {
  readonly value: unknown;
  /** The worker's. */
  readonly pid: number;
}

export interface WorkerLab {
  readonly prefix: string;
  readonly engine: RunningEngine;
  /**
   * Runs Lua text as a background task of some worker and gives what it returns; rejects with what it throws. It knows
   * `worker` (the ports), `store` (of the dict "autoscale") and `kept` (a table that stays).
   */
  run(lua: string): Promise<unknown>;
  runAnywhere(lua: string): Promise<LabAnswer>;
  workerPids(): Promise<number[]>;
  errorLog(): Promise<string>;
}

function conf(port: number, { workers = 1, http = [], main = [] }: LabOptions): string {
  return `worker_processes ${String(workers)};
pid logs/nginx.pid;
error_log logs/error.log notice;
${main.join("\n")}
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  lua_package_path "$prefix/lua/?.lua;;";
  lua_shared_dict autoscale 1m;
  lua_socket_log_errors off;
  ${http.join("\n  ")}
  init_worker_by_lua_block { require("lab") }
  server {
    listen 127.0.0.1:${String(port)};
    location = /run {
      client_body_buffer_size 1m;
      content_by_lua_block { require("lab").run() }
    }
  }
}
`;
}

async function write(prefix: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(prefix, path)), { recursive: true });
    await writeFile(join(prefix, path), text);
  }
}

/**
 * The runtime's ports in real workers, without a gateway around them: for what they do over sockets, files and from worker
 * to worker. Stopped when the test ends.
 */
export async function startWorkerLab(options: LabOptions = {}): Promise<WorkerLab> {
  const { workers = 1, files = {} } = options;
  const port = await freePort();
  const prefix = await mkdtemp(join(tmpdir(), "autoscale-lab-"));
  onTestFinished(() => rm(prefix, { recursive: true, force: true }));
  const modules = luaModules(["nginx/runtime/worker-host.ts", "nginx/runtime/open-store.ts"]);
  await write(prefix, {
    "conf/nginx.conf": conf(port, options),
    "lua/lab.lua": await readFile(new URL("worker-lab.lua", import.meta.url), "utf8"),
    ...Object.fromEntries(modules.map(({ path, lua }) => [`lua/${path}`, lua])),
    "lua/each.lua": options.each ?? "",
    "logs/.keep": "",
    "temp/.keep": "",
    ...files,
  });
  const engine = await startEngine(nativeEngine(), prefix, { graceSeconds: 1 });
  onTestFinished(() => engine.stop({ graceSeconds: 0 }));
  const workerPids = async (): Promise<number[]> => (await childProcesses(engine.pid)) ?? [];
  await eventually("all workers are there", async () => (await workerPids()).length === workers);
  async function runAnywhere(lua: string): Promise<LabAnswer> {
    const { status, headers, body } = await send(`http://127.0.0.1:${String(port)}/run`, { method: "POST", body: lua });
    if (status !== 200) throw new Error(`status ${String(status)}: ${body}`);
    return { value: (JSON.parse(body) as { value?: unknown }).value, pid: Number(headers["x-worker"]) };
  }
  return {
    prefix,
    engine,
    run: async (lua) => (await runAnywhere(lua)).value,
    runAnywhere,
    workerPids,
    errorLog: () => readFile(join(prefix, "logs/error.log"), "utf8"),
  };
}
