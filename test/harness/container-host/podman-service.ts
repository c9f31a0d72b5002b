import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monitorsOf } from "./container-monitors.ts";
import { dockerApi } from "./docker-api.ts";
import { podmanSettings } from "./podman-settings.ts";

export interface ContainerService {
  /** As in `DOCKER_HOST`. */
  readonly host: string;
  /** What other programs must be told to use it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const READY_SECONDS = 30;

/**
 * Podman behind a socket that speaks Docker's API, for as long as the tests run. `stop` removes the containers that
 * tests left, and every process of Podman's that serves them. Throws with Podman's own words.
 */
export async function startPodmanService(): Promise<ContainerService> {
  const folder = await mkdtemp(join(tmpdir(), "autoscale-lua-podman-"));
  const host = `unix://${join(folder, "podman.sock")}`;
  const settings = join(folder, "containers.conf");
  await writeFile(settings, podmanSettings());
  // Ryuk, which removes what a killed test run leaves, is an image of its own that only a registry has.
  const env = { DOCKER_HOST: host, CONTAINERS_CONF: settings, TESTCONTAINERS_RYUK_DISABLED: "true" };
  const api = dockerApi(host);
  const child = spawn("podman", ["system", "service", "--time=0", host], {
    // Without systemd its timers cannot run health checks; see health-ticker.ts.
    env: { ...process.env, CONTAINERS_CONF: settings, DISABLE_HC_SYSTEMD: "true" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.once("error", (error) => (printed += error.message));
  const killChild = () => child.kill("SIGKILL");
  process.on("exit", killChild);
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

  async function stop(): Promise<void> {
    process.off("exit", killChild);
    if (isRunning()) {
      const left = new Set((await monitorsOf(settings)).map((monitor) => monitor.containerId));
      for (const id of left) await api.removeContainer(id);
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    for (const { pid } of await monitorsOf(settings)) process.kill(pid, "SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }

  const deadline = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < deadline && (isRunning() || printed === "")) {
    if (await api.ping()) return { host, env, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`podman's service does not answer: ${printed.trim()}`);
}
