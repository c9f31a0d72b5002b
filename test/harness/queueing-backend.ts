import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "./free-port.ts";

const PROGRAM = join(import.meta.dirname, "fixtures", "queueing-backend.mjs");

export interface QueueingBackend {
  /** `127.0.0.1:port` */
  readonly target: string;
  /** Of requests that begin from now on. */
  serveIn(seconds: number): void;
}

/** A backend in a process of its own that does `slots` requests at once, each in so many seconds. It ends with the test. */
export async function queueingBackend(slots: number, serviceSeconds: number): Promise<QueueingBackend> {
  const port = await freePort();
  const args = [PROGRAM, String(port), String(slots), String(serviceSeconds)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  onTestFinished(async () => {
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  });
  await once(child, "message");
  return {
    target: `127.0.0.1:${String(port)}`,
    serveIn: (seconds) => void child.send({ serviceSeconds: seconds }),
  };
}
