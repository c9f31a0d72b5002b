/**
 * CPU seconds of the gateway's workers for a request, kernel included, under wrk. Noisy: it is told as a ratio, and the
 * variants take turns so that a busy machine is busy for all of them.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { median } from "./build.mjs";
import { startServer } from "./process.mjs";
import { cpuSeconds } from "./tools.mjs";

const ROUNDS = 3;
const ROUND_SECONDS = 2;
const CONNECTIONS = 16;

/** @param {number} master @returns {number[]} */
function workersOf(master) {
  return readFileSync(`/proc/${master}/task/${master}/children`, "utf8").trim().split(" ").map(Number);
}

/** @param {number} port @param {number} seconds @returns {number} how many requests were answered, all with 200 */
function load(port, seconds) {
  const url = `http://127.0.0.1:${port}/bench/item`;
  const result = spawnSync("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, url], { encoding: "utf8" });
  const requests = /(\d+) requests in/.exec(result.stdout);
  if (requests === null || result.stdout.includes("Non-2xx")) throw new Error(`wrk:\n${result.stdout}${result.stderr}`);
  return Number(requests[1]);
}

/**
 * @param {readonly { name: string, gateway: import("./gateway-folder.mjs").Gateway }[]} variants
 * @returns {Promise<Map<string, number>>} microseconds for a request: the median round
 */
export async function measureCpu(variants) {
  const running = [];
  try {
    for (const { name, gateway } of variants) {
      const server = await startServer(gateway.program, gateway.args("daemon off;"), gateway.port);
      running.push({ name, port: gateway.port, server, rounds: [] });
    }
    for (const { port } of running) load(port, 1); // warms up
    for (let round = 0; round < ROUNDS; round++) {
      for (const { port, server, rounds } of running) {
        const workers = workersOf(server.pid);
        const spent = () => workers.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
        const before = spent();
        const requests = load(port, ROUND_SECONDS);
        rounds.push(((spent() - before) / requests) * 1e6);
      }
    }
    return new Map(running.map(({ name, rounds }) => [name, median(rounds)]));
  } finally {
    for (const { server } of running) await server.stop();
  }
}
