import { execFile } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packBundle } from "../../cli/build/pack.ts";
import { prepare } from "../../cli/build/pipeline.ts";
import { root } from "../architecture/repository.ts";
import { composeProgram } from "./container-host/compose-program.ts";
import { dockerApi, type DockerApi } from "./container-host/docker-api.ts";
import { startHealthTicker } from "./container-host/health-ticker.ts";
import { containerImage, noContainers } from "./containers.ts";
import { freePort } from "./free-port.ts";
import { imagesOf, stackImages, type StackImages } from "./stack-images.ts";
import { freshStockLua } from "./stock-lua.ts";

const execute = promisify(execFile);
const COMPOSE_FILE = join(root, "docker-compose.yml");

/** Variables of docker-compose.yml for the ports on this machine. */
const PORTS = ["GATEWAY", "ADMIN", "BACKEND_1", "BACKEND_2", "PROMETHEUS", "GRAFANA", "CONSUL", "REDIS"] as const;
export type StackPort = (typeof PORTS)[number];

/** What the stack takes, once it is here. */
export interface StackParts {
  readonly compose: readonly [string, ...string[]];
  readonly api: DockerApi;
  readonly images: StackImages;
}

/** Gets what docker-compose.yml needs. Gives the reason when it cannot be had here. */
export async function stackParts(): Promise<StackParts | { readonly reason: string }> {
  if (noContainers !== undefined) return { reason: `no containers here: ${noContainers}` };
  try {
    const compose = await composeProgram();
    const api = dockerApi(process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock");
    const images = imagesOf(await readFile(COMPOSE_FILE, "utf8"));
    return { compose, api, images: await stackImages(api, images, containerImage) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/** A running stack of docker-compose.yml, under a project, a network and ports of its own. */
export class Stack {
  readonly #project = `autoscale-test-${randomBytes(4).toString("hex")}`;
  readonly #parts: StackParts;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #stopTicker: (() => Promise<void>) | undefined;

  private constructor(parts: StackParts, folder: string, env: Readonly<Record<string, string>>) {
    this.#parts = parts;
    this.#folder = folder;
    this.#env = env;
  }

  /** Builds the gateway from its sources as they are now, and chooses ports. Nothing runs yet. */
  static async prepare(parts: StackParts, settings: Readonly<Record<string, string>>): Promise<Stack> {
    const folder = await mkdtemp(join(tmpdir(), "autoscale-stack-"));
    // A network that a stack in use does not have: theirs is the one of docker-compose.yml.
    const network = `172.30.${randomInt(100, 255)}`;
    const ports = await Promise.all(PORTS.map(async (name) => [`${name}_PORT`, String(await freePort())] as const));
    const bundle = await buildGateway(folder, { STACK_NETWORK: network }).catch(async (error: unknown) => {
      await rm(folder, { recursive: true });
      throw error;
    });
    return new Stack(parts, folder, {
      ...parts.images.env,
      ...Object.fromEntries(ports),
      ...settings,
      STACK_NETWORK: network,
      STACK_BUNDLE: bundle,
    });
  }

  /** `http://host:port` of a service, as this machine reaches it. */
  url(port: StackPort): string {
    return `http://127.0.0.1:${this.port(port)}`;
  }

  port(port: StackPort): number {
    return Number(this.#env[`${port}_PORT`]);
  }

  /** Runs `docker compose` with this stack's settings. Throws with what it printed. */
  async compose(...args: readonly string[]): Promise<string> {
    const [file, ...words] = this.#parts.compose;
    const env = { ...process.env, ...this.#env };
    const all = [...words, "--file", COMPOSE_FILE, "--project-name", this.#project, ...args];
    try {
      const { stdout } = await execute(file, all, { cwd: root, env, timeout: 180_000, maxBuffer: 64 * 1024 * 1024 });
      return stdout;
    } catch (error) {
      const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
      throw new Error(`docker compose ${args.join(" ")}: ${stdout}${stderr || message}`, { cause: error });
    }
  }

  /** Brings services up and waits until they are healthy. Throws with the logs of all. */
  async up(...services: readonly string[]): Promise<void> {
    this.#stopTicker = startHealthTicker(this.#parts.api, this.#project);
    try {
      await this.compose("up", "--detach", "--wait", ...services);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await this.compose("logs", "--tail=30")}`, { cause: error });
    }
  }

  /** Removes all of it. */
  async down(): Promise<void> {
    await this.#stopTicker?.();
    await this.compose("--profile", "*", "down", "--volumes", "--timeout", "3");
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function buildGateway(out: string, env: Readonly<Record<string, string>>): Promise<string> {
  const file = join(root, "nginx/stack/gateway.yaml");
  const prepared = await prepare({ file, cwd: root, env, targets: ["openresty"], luaFolder: freshStockLua() });
  const [bundle] = prepared.bundles;
  if (bundle === undefined) throw new Error("no bundle");
  return packBundle(bundle, prepared.version, out, () => Promise.resolve());
}
