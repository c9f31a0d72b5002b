import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";
import type { Gateway } from "./gateway.ts";
import { send, type Answer, type RequestOptions } from "./http-request.ts";
import { isStopped } from "./processes.ts";

/** Raw line of gateway.yaml's `nginx.server`: answers tell which worker they are from. */
export const TELL_WORKER = "add_header X-Worker $pid always;";

/** One worker of the gateway, with connections that lead to it and to no other. */
export interface PinnedWorker {
  readonly pid: number;
  /** Sends a request that this worker handles. At most `connections` at once. */
  send(path: string, options?: Omit<RequestOptions, "agent">): Promise<Answer>;
}

/** Longer than a worker takes to answer, unless it waits for shared memory that a stopped one has locked. */
const PATIENCE_MILLISECONDS = 1000;
const TRIES = 20;

/**
 * Runs `ask` while `others` are stopped. A worker may be stopped in the middle of an operation on a shared dict, which then
 * nobody else can use: `ask` is given up, the others go on for a moment, and it is tried again.
 */
async function whileStopped<T>(others: readonly number[], ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    for (const other of others) process.kill(other, "SIGSTOP");
    try {
      await eventually("the other workers are stopped", () => others.every(isStopped));
      return await ask(AbortSignal.timeout(PATIENCE_MILLISECONDS));
    } catch (error) {
      if (attempt === TRIES || !["AbortError", "TimeoutError"].includes((error as Error).name)) throw error;
    } finally {
      for (const other of others) process.kill(other, "SIGCONT");
    }
    await sleep(20);
  }
}

/**
 * Opens connections to each worker apart. Whoever accepts a connection keeps it, and while all other workers are stopped
 * only one can accept. The gateway needs `TELL_WORKER`, and a path that is answered without a plugin's say.
 * @param connections for each worker
 */
export async function pinWorkers(gateway: Gateway, path: string, connections = 1): Promise<PinnedWorker[]> {
  const pids = await gateway.workerPids();
  const pinned: PinnedWorker[] = [];
  for (const pid of pids) {
    const others = pids.filter((other) => other !== pid);
    const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
    onTestFinished(() => {
      agent.destroy();
    });
    await whileStopped(others, async (signal) => {
      const answers = await Promise.all(
        Array.from({ length: connections }, () => send(`${gateway.url}${path}`, { agent, signal })),
      );
      for (const { headers } of answers) {
        if (headers["x-worker"] !== String(pid)) throw new Error(`worker ${String(pid)} did not answer ${path}`);
      }
    });
    pinned.push({
      pid,
      send: async (target, options = {}) => {
        const answer = await send(`${gateway.url}${target}`, { ...options, agent });
        const by = answer.headers["x-worker"];
        if (by !== String(pid)) throw new Error(`worker ${String(by)} answered instead of ${String(pid)}`);
        return answer;
      },
    });
  }
  return pinned;
}
