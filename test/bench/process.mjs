/** Starts and ends the servers of the bench: each is ended by its own id. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ pid: number, stop: () => Promise<void> }} Server */

/** A port on loopback that was free a moment ago. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Servers that run: none outlives the bench, also when it is interrupted. */
const running = new Set();
process.once("exit", () => running.forEach((child) => child.kill("SIGTERM")));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/**
 * Starts a server and waits until `port` accepts; rejects with what it printed when it ends before, or after 30 seconds.
 * @param {string} program @param {readonly string[]} args @param {number} port
 * @returns {Promise<Server>}
 */
export async function startServer(program, args, port) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  running.add(child);
  const ended = once(child, "exit").then(() => running.delete(child));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await ended;
    }
  };
  for (let waited = 0; waited < 300; waited++) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${output}`);
    if (await accepts(port)) return { pid: /** @type {number} */ (child.pid), stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`${program} did not listen within 30 seconds:\n${output}`);
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });
}
