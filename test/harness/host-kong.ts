import { mkdir, mkdtemp, readFile, rm, writeFile, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packBundle } from "../../cli/build/pack.ts";
import { prepare } from "../../cli/build/pipeline.ts";
import { runCommand } from "../../cli/engine/run-command.ts";
import type { HostKind, Written } from "../conformance/host-under-test.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { send } from "./http-request.ts";
import { freshStockLua } from "./stock-lua.ts";

const NEEDED = { listen: [{ address: "127.0.0.1", port: 8080 }] };

/** Kong's answers while its own caches warm up are not the target's. */
const SETTLE_MS = 700;

async function kong(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  // Started by a shell for its folder alone: Kong looks for some files beside the working directory.
  const command = { file: "/bin/sh", args: ["-c", 'cd "$0" && exec kong "$@"', cwd, ...args] };
  const result = await runCommand(command, { env });
  if (!result.ok) throw new Error(`kong ${args.join(" ")}: ${result.output}`);
  return result.output;
}

/** The version of the Kong of this machine, or why there is none. */
export async function findKong(): Promise<{ readonly version: string } | { readonly reason: string }> {
  try {
    return { version: (await kong(["version"], process.env, "/")).trim() };
  } catch {
    return { reason: 'no "kong" on PATH' };
  }
}

function settings(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

/**
 * The Kong target in the real Kong of this machine, which `kong` on PATH starts.
 * @param version as `kong version` says it
 */
export function kongHost(version: string): HostKind {
  return {
    name: `Kong ${version}`,
    gaps: {},
    start: async (config, { files = {}, workers }) => {
      const folder = await mkdtemp(join(tmpdir(), "autoscale-kong-"));
      await chmod(folder, 0o755);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const bundle = join(folder, "dist", "kong");
      const build = async (values: Written): Promise<string> => {
        const file = join(folder, "gateway.yaml");
        await writeFile(file, JSON.stringify({ ...NEEDED, ...values }, undefined, 2));
        const options = { file, cwd: folder, env: {}, targets: ["kong"], luaFolder: freshStockLua("kong") };
        const { bundles, version: made } = await prepare(options);
        for (const one of bundles) await packBundle(one, made, join(folder, "dist"), () => Promise.resolve());
        return readFile(join(bundle, "kong.yml"), "utf8");
      };
      await build(config);
      const [proxy, admin, status] = [await freePort(), await freePort(), await freePort()].map(
        (port) => `127.0.0.1:${String(port)}`,
      ) as [string, string, string];
      const made = settings(await readFile(join(bundle, "kong.env"), "utf8"));
      const env: NodeJS.ProcessEnv = {
        ...process.env,
        ...made,
        KONG_PREFIX: join(folder, "prefix"),
        KONG_DECLARATIVE_CONFIG: join(bundle, "kong.yml"),
        KONG_LUA_PACKAGE_PATH: `${bundle}/?.lua;;`,
        KONG_PROXY_LISTEN: proxy,
        KONG_ADMIN_LISTEN: admin,
        KONG_STATUS_LISTEN: status,
        KONG_ADMIN_GUI_LISTEN: "off",
        KONG_NGINX_WORKER_PROCESSES: String(workers),
        KONG_NGINX_USER: process.getuid?.() === 0 ? "root root" : undefined,
        KONG_LOG_LEVEL: "notice",
      };
      const cwd = process.env["KONG_FOLDER"] ?? folder;
      const stop = async (): Promise<void> => {
        await kong(["stop", "-p", join(folder, "prefix")], env, cwd).catch(() => undefined);
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      };
      try {
        await kong(["start"], env, cwd);
        await eventually("Kong answers", async () => {
          return (await send(`http://${status}/status`).catch(() => undefined))?.status === 200;
        });
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      } catch (error) {
        await stop();
        throw error;
      }
      return {
        url: `http://${proxy}`,
        status: async () =>
          JSON.parse((await send(`http://${status}/autoscale/status`)).body) as Record<string, unknown>,
        metrics: async () => (await send(`http://${status}/autoscale/metrics`)).body,
        put: (path, body) => {
          const headers = { "content-type": "application/json" };
          return send(`http://${admin}/autoscale${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
        },
        push: async (next) => {
          const body = JSON.stringify({ config: await build(next) });
          const headers = { "content-type": "application/json" };
          const pushed = await send(`http://${admin}/config`, { method: "POST", headers, body });
          if (pushed.status !== 201) throw new Error(pushed.body);
          // Workers take it one after the other, and none can be asked alone.
          await new Promise((resolve) => setTimeout(resolve, 2 * SETTLE_MS));
        },
        // The status server has a log of its own: what starts for a look at the status is told there.
        log: async () => {
          const files = ["error.log", "status_error.log"].map((name) => join(folder, "prefix/logs", name));
          return (await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")))).join("");
        },
        stop,
      };
    },
  };
}
