import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import { configInspector } from "../../cli/build/check-config.ts";
import { packBundle } from "../../cli/build/pack.ts";
import { prepare } from "../../cli/build/pipeline.ts";
import { startEngine } from "../../cli/engine/start.ts";
import type { CommandResult } from "../../cli/engine/run-command.ts";
import { childProcesses } from "../../cli/engine/worker-processes.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { send, type Answer } from "./http-request.ts";
import { nativeEngine } from "./native-engine.ts";
import { freshStockLua } from "./stock-lua.ts";

export const ADMIN_TOKEN = "let-me-in";

/** A field of gateway.yaml that a test looks into; `any` would switch the type checker off. */
type Written = Record<string, unknown>;

export interface GatewayOptions {
  /** Default 4. */
  readonly workers?: number;
  /** Fills `${NAME}` in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files beside gateway.yaml: path to text. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Gateway {
  /** Of the first port in `listen`. */
  readonly url: string;
  readonly adminUrl: string;
  /** The nginx prefix that is served. */
  readonly bundle: string;
  /** Where gateway.yaml lies. */
  readonly folder: string;
  readonly masterPid: number;
  status(): Promise<Written>;
  metrics(): Promise<string>;
  put(path: string, body: unknown, token?: string): Promise<Answer>;
  errorLog(): Promise<string>;
  /** The lines of the access log; they come up to a second late. */
  accessLog(): Promise<string[]>;
  /** Rebuilds, from another gateway.yaml if one is given, and reloads; settles when only new workers are left. */
  reload(config?: Written): Promise<CommandResult>;
  workerPids(): Promise<number[]>;
  /** Stops nginx and starts the same bundle again; `masterPid` is then another. @param meanwhile while it is down */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Fills in what a test does not care about: ports that are free, and an admin server. */
async function complete(config: Written, workers: number): Promise<Written> {
  const admin = { address: "127.0.0.1", port: await freePort(), token: ADMIN_TOKEN };
  const listen = [{ address: "127.0.0.1", port: await freePort() }];
  return { listen, admin, workers, ...config };
}

/**
 * Builds a gateway as `autoscale-lua run` does, with Lua compiled from the present sources, and serves it with the engine
 * of this machine. Give `listen` only where the test is about it.
 * @param config gateway.yaml as text, or what would be in it
 */
export async function startGateway(config: string | Written, options: GatewayOptions = {}): Promise<Gateway> {
  const engine = nativeEngine();
  const folder = await mkdtemp(join(tmpdir(), "autoscale-gateway-"));
  // Workers of an nginx that root starts run as another user.
  await chmod(folder, 0o755);
  for (const [path, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const written = typeof config === "string" ? (parse(config) as Written) : config;
  const filled = await complete(written, options.workers ?? 4);
  const bundle = join(folder, "dist", "openresty");

  async function build(values: Written): Promise<void> {
    const file = join(folder, "gateway.yaml");
    await writeFile(file, JSON.stringify(values, undefined, 2));
    const env = options.env ?? {};
    const prepared = await prepare({ file, cwd: folder, env, targets: ["openresty"], luaFolder: freshStockLua() });
    for (const made of prepared.bundles) {
      await packBundle(made, prepared.version, join(folder, "dist"), configInspector(engine, made.target));
    }
  }

  async function begin() {
    const started = await startEngine(engine, bundle, { graceSeconds: 1 });
    await eventually("all workers are there", async () => {
      return (await childProcesses(started.pid))?.length === filled["workers"];
    });
    return started;
  }

  let running = await build(filled)
    .then(begin)
    .catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
  const [first] = filled["listen"] as { port: number; tls?: object }[];
  const adminUrl = `http://127.0.0.1:${String((filled["admin"] as { port: number }).port)}`;
  const workerPids = async (): Promise<number[]> => (await childProcesses(running.pid)) ?? [];
  let stopped: Promise<void> | undefined;
  return {
    url: `${first?.tls === undefined ? "http" : "https"}://127.0.0.1:${String(first?.port)}`,
    adminUrl,
    bundle,
    folder,
    get masterPid() {
      return running.pid;
    },
    status: async () => JSON.parse((await send(`${adminUrl}/status`)).body) as Written,
    metrics: async () => (await send(`${adminUrl}/metrics`)).body,
    put: (path, body, token = ADMIN_TOKEN) => {
      const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return send(`${adminUrl}${path}`, { method: "PUT", headers, body: text });
    },
    errorLog: () => readFile(join(bundle, "logs", "error.log"), "utf8"),
    accessLog: async () => {
      const text = await readFile(join(bundle, "logs", "access.log"), "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "");
    },
    reload: async (next) => {
      const before = await workerPids();
      await build(next === undefined ? filled : { ...filled, ...next });
      const result = await running.reload();
      if (!result.ok) return result;
      await eventually("only new workers are left", async () => {
        const now = await workerPids();
        return now.length > 0 && !now.some((pid) => before.includes(pid));
      });
      return result;
    },
    workerPids,
    restart: async (meanwhile) => {
      await running.stop({ graceSeconds: 0 });
      await meanwhile?.();
      running = await begin();
    },
    stop: () => {
      stopped ??= running.stop({ graceSeconds: 0 }).then(() => rm(folder, { recursive: true, force: true }));
      return stopped;
    },
  };
}

/** A gateway that is stopped when the test ends. */
export async function gatewayForTest(config: string | Written, options: GatewayOptions = {}): Promise<Gateway> {
  const gateway = await startGateway(config, options);
  onTestFinished(() => gateway.stop());
  return gateway;
}
