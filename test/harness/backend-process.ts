/** Backends that are processes of their own, so that they can be killed and can hang as a whole. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { isStopped } from "./processes.ts";

const PROGRAM = join(import.meta.dirname, "fixtures", "backend-process.mjs");

/** What is answered; all of it may be left out. */
export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly delaySeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Takes the request and closes the connection. */
  readonly hangUp?: boolean;
}

/** One message: what is left out stays as it was. */
export interface Behavior {
  readonly reply?: Reply;
  /** Other replies for these paths, e.g. for `/health`. */
  readonly paths?: Readonly<Record<string, Reply>>;
}

export interface BackendProcess {
  readonly port: number;
  /** `127.0.0.1:port`, as targets are written; its answers have it as `X-Peer`. */
  readonly target: string;
  /** `GET /path` of all that ever arrived, over all its lives, in order. */
  readonly arrived: readonly string[];
  /** How many of them asked for anything but `/health`. */
  requests(): number;
  /** Settles when it does as told. A new life begins well, and with answers of 200. */
  tell(behavior: Behavior): Promise<void>;
  /** kill -9. Its port refuses connections then. */
  kill(): Promise<void>;
  /** On the same port again. */
  start(): Promise<void>;
  /** Connections can be made, by the kernel, and nothing is ever answered. */
  hang(): Promise<void>;
  goOn(): void;
}

export const HEALTH_PATH = "/health";

async function launch(args: readonly string[], onLine: (line: string) => void): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  if (child.stdout !== null) createInterface(child.stdout).on("line", onLine);
  const failed = once(child, "exit").then(() => Promise.reject(new Error(`the backend ${args.join(" ")} ended`)));
  await Promise.race([once(child, "message"), failed]);
  failed.catch(() => undefined);
  return child;
}

/** Starts one that is ended with the test. @param address another of the loopback interface than 127.0.0.1 */
export async function backendProcess(address = "127.0.0.1", port?: number): Promise<BackendProcess> {
  const chosen = port ?? (await freePort());
  const arrived: string[] = [];
  const target = `${address.includes(":") ? `[${address}]` : address}:${String(chosen)}`;
  const live = (): Promise<ChildProcess> => launch([String(chosen), address, target], (line) => arrived.push(line));
  let child = await live();
  let messages = 0;

  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Closed: what it printed has been read to the end.
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  };
  onTestFinished(kill);

  return {
    port: chosen,
    target,
    arrived,
    requests: () => arrived.filter((line) => !line.endsWith(` ${HEALTH_PATH}`)).length,
    tell: async (behavior) => {
      const id = (messages += 1);
      const done = new Promise<void>((resolve) => {
        const told = child;
        const listen = (message: unknown): void => {
          if ((message as { id: number }).id !== id) return;
          told.off("message", listen);
          resolve();
        };
        told.on("message", listen);
      });
      child.send({ id, ...behavior });
      await done;
    },
    kill,
    start: async () => {
      child = await live();
    },
    hang: async () => {
      child.kill("SIGSTOP");
      await eventually("the backend is stopped", () => isStopped(child.pid ?? 0));
    },
    goOn: () => {
      child.kill("SIGCONT");
    },
  };
}

/** Several of them. */
export function backendProcesses(count: number): Promise<BackendProcess[]> {
  return Promise.all(Array.from({ length: count }, () => backendProcess()));
}
