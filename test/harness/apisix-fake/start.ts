/** The APISIX fake: a real nginx that loads the target's bundle as APISIX would. It is not APISIX, and is never called so. */
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import { prepare } from "../../../cli/build/pipeline.ts";
import { startEngine } from "../../../cli/engine/start.ts";
import { childProcesses } from "../../../cli/engine/worker-processes.ts";
import { eventually } from "../eventually.ts";
import { freePort } from "../free-port.ts";
import { send, type Answer, type RequestOptions } from "../http-request.ts";
import { nativeEngine } from "../native-engine.ts";
import { freshStockLua } from "../stock-lua.ts";
import { nginxConf } from "./nginx-conf.ts";

/** gateway.yaml, or what is in apisix.yaml. */
export type Written = Readonly<Record<string, unknown>>;

/** The part of config.yaml that the fake reads. */
interface HostConfig {
  readonly apisix: { readonly extra_lua_path: string };
  readonly plugins: readonly string[];
  readonly nginx_config: { readonly http: { readonly custom_lua_shared_dict: Readonly<Record<string, string>> } };
}

export interface ApisixFakeOptions {
  /** Default 2. */
  readonly workers?: number;
  /** Files beside gateway.yaml: path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Changes apisix.yaml before it is loaded. */
  readonly edit?: (apisix: Record<string, unknown>) => void;
  /** False: config.yaml's shared dicts are forgotten. */
  readonly dicts?: boolean;
}

export interface ApisixFake {
  readonly url: string;
  readonly bundle: string;
  /** Builds another gateway.yaml and pushes its apisix.yaml, as people copy a new file; settles when all workers have it. */
  push(gateway: Written, edit?: (apisix: Record<string, unknown>) => void): Promise<void>;
  /** A request to the control port. */
  control(path: string, options?: RequestOptions): Promise<Answer>;
  /** Loads the plugin files again in all workers. */
  reloadPlugins(): Promise<void>;
  logs(): Promise<string>;
  workerPids(): Promise<number[]>;
  stop(): Promise<void>;
}

const FAKE = import.meta.dirname;
/** What each worker logs when it has taken a configuration up. */
const TAKEN = /apisix\.yaml reloaded by \d/g;
const LOADED = /fake apisix loaded plugins/g;

/** Writes the files of a bundle for `gateway`, and gives apisix.yaml as its reader sees it. */
async function build(folder: string, gateway: Written): Promise<Record<string, unknown>> {
  const file = join(folder, "gateway.yaml");
  await writeFile(file, JSON.stringify(gateway));
  const luaFolder = freshStockLua("apisix");
  const made = await prepare({ file, cwd: folder, env: {}, targets: ["apisix"], luaFolder });
  for (const [path, text] of made.bundles[0]?.files ?? []) {
    const at = join(folder, "bundle", path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, text);
  }
  const text = await readFile(join(folder, "bundle/apisix.yaml"), "utf8");
  if (!/#END\s*$/.test(text)) throw new Error("missing valid end flag in file apisix.yaml");
  return parse(text, { version: "1.1" }) as Record<string, unknown>;
}

async function countOf(logs: () => Promise<string>, what: RegExp): Promise<number> {
  return ((await logs()).match(what) ?? []).length;
}

/** @param gateway what gateway.yaml says, listeners apart */
export async function startApisixFake(gateway: Written, options: ApisixFakeOptions = {}): Promise<ApisixFake> {
  const { workers = 2, files = {}, edit, dicts = true } = options;
  const folder = await mkdtemp(join(tmpdir(), "autoscale-apisix-fake-"));
  await chmod(folder, 0o755);
  for (const [path, text] of Object.entries({ ...files, "conf/keep": "", "logs/keep": "" })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const apisix = await build(folder, gateway);
  edit?.(apisix);
  await writeFile(join(folder, "conf/apisix.json"), JSON.stringify(apisix));
  const config = parse(await readFile(join(folder, "bundle/config.yaml"), "utf8"), { version: "1.1" }) as HostConfig;
  const [port, controlPort] = [await freePort(), await freePort()];
  // INSTALL.md says where the bundle lies; here it lies elsewhere.
  const extra = config.apisix.extra_lua_path.replace("/usr/local/autoscale", join(folder, "bundle"));
  const conf = nginxConf({
    workers,
    port,
    controlPort,
    dicts: dicts ? config.nginx_config.http.custom_lua_shared_dict : {},
    luaPath: [extra, join(FAKE, "?.lua"), join(FAKE, "?/init.lua")],
    plugins: config.plugins,
  });
  await writeFile(join(folder, "conf/nginx.conf"), conf);
  const logs = (): Promise<string> => readFile(join(folder, "logs/error.log"), "utf8");
  const running = await startEngine(nativeEngine(), folder, { graceSeconds: 1 });
  const isReady = async (): Promise<boolean> => {
    const text = await logs();
    if (text.includes("init_worker_by_lua error")) throw new Error(text);
    return (text.match(TAKEN) ?? []).length >= workers;
  };
  await eventually("all workers have read apisix.yaml", isReady).catch(async (error: unknown) => {
    await running.stop({ graceSeconds: 0 });
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  let stopped: Promise<void> | undefined;
  const fake: ApisixFake = {
    url: `http://127.0.0.1:${String(port)}`,
    bundle: join(folder, "bundle"),
    push: async (next, change) => {
      const before = await countOf(logs, TAKEN);
      const pushed = await build(folder, next);
      change?.(pushed);
      await writeFile(join(folder, "conf/apisix.json.new"), JSON.stringify({ ...pushed, pushed: before }));
      await rename(join(folder, "conf/apisix.json.new"), join(folder, "conf/apisix.json"));
      await eventually(
        "all workers have read the new apisix.yaml",
        async () => (await countOf(logs, TAKEN)) >= before + workers,
      );
    },
    control: (path, options) => send(`http://127.0.0.1:${String(controlPort)}${path}`, options),
    reloadPlugins: async () => {
      const before = await countOf(logs, LOADED);
      await send(`http://127.0.0.1:${String(controlPort)}/v1/plugins/reload`, { method: "PUT" });
      await eventually(
        "all workers have loaded plugins again",
        async () => (await countOf(logs, LOADED)) >= before + workers,
      );
    },
    logs,
    workerPids: async () => (await childProcesses(running.pid)) ?? [],
    stop: () => {
      stopped ??= running.stop({ graceSeconds: 0 }).then(() => rm(folder, { recursive: true, force: true }));
      return stopped;
    },
  };
  return fake;
}

/** A fake that is stopped when the test ends. */
export async function apisixFakeForTest(gateway: Written, options: ApisixFakeOptions = {}): Promise<ApisixFake> {
  const fake = await startApisixFake(gateway, options);
  onTestFinished(() => fake.stop());
  return fake;
}
