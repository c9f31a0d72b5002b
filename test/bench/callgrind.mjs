/**
 * Instructions per request in user space. The gateway runs as one process under callgrind. nginx calls
 * `ngx_reopen_files` on SIGUSR1, and callgrind writes its counters and zeroes them whenever that function is entered: so
 * the same running process is counted from request to request, and neither start-up nor the compiling of traces is in it.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "./build.mjs";
import { sendRequests } from "./client.mjs";
import { startServer } from "./process.mjs";

/** Long enough for every trace of the request's way, and its side traces, to be compiled. */
const WARM_UP_REQUESTS = 5000;
/** A multiple of nginx's keepalive_requests (1000), so each window holds as many reconnects. */
const WINDOW_REQUESTS = 3000;
const WINDOWS = 4;
/** For what is done without requests: windows of so many seconds, of which the middle one counts. */
const IDLE_SECONDS = 3;
const IDLE_WINDOWS = 5;

/**
 * @typedef {object} Counts
 * @property {number} instructions for a request: the mean of the windows @property {number} spread how far these lie apart
 * @property {number} requestsPerSecond how fast they came, for what is done once a second
 * @property {number} [idlePerSecond] instructions of a second without requests; then `instructions` is without them
 */

/**
 * @param {import("./gateway-folder.mjs").Gateway} gateway
 * @param {{ warmUpRequests?: number, withoutIdle?: boolean }} [options] `withoutIdle`: takes off what is done each second anyway
 * @returns {Promise<Counts>}
 */
export async function countInstructions(gateway, { warmUpRequests = WARM_UP_REQUESTS, withoutIdle = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "autoscale-bench-callgrind-"));
  const file = join(folder, "callgrind");
  const options = ["--tool=callgrind", "--smc-check=all-non-file", "--dump-before=ngx_reopen_files"];
  const server = await startServer(
    "valgrind",
    [...options, `--callgrind-out-file=${file}`, gateway.program, ...gateway.args("daemon off; master_process off;")],
    gateway.port,
  );
  try {
    await sendRequests(gateway.port, warmUpRequests);
    await nextDump(server.pid, folder);
    /** Instructions and seconds from the last dump to the next, while `work` is done. */
    const measured = async (work) => {
      const startedMs = performance.now();
      await work();
      const workedMs = performance.now();
      const total = await nextDump(server.pid, folder);
      return { total, seconds: (performance.now() - startedMs) / 1000, worked: (workedMs - startedMs) / 1000 };
    };
    const windows = [];
    let seconds = 0;
    for (let window = 0; window < WINDOWS; window++) {
      const one = await measured(() => sendRequests(gateway.port, WINDOW_REQUESTS));
      seconds += one.worked;
      windows.push(one);
    }
    const idle = [];
    for (let window = 0; withoutIdle && window < IDLE_WINDOWS; window++) {
      idle.push(await measured(() => sleep(IDLE_SECONDS * 1000)));
    }
    const idlePerSecond = withoutIdle ? median(idle.map((one) => one.total / one.seconds)) : 0;
    const counts = windows.map((one) => (one.total - idlePerSecond * one.seconds) / WINDOW_REQUESTS);
    return {
      instructions: counts.reduce((sum, value) => sum + value, 0) / WINDOWS,
      spread: Math.max(...counts) - Math.min(...counts),
      requestsPerSecond: (WINDOWS * WINDOW_REQUESTS) / seconds,
      ...(withoutIdle ? { idlePerSecond } : {}),
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Asks for a dump and returns its total. The pause before lets nginx go to sleep: a signal that arrives just before it
 * waits for events is looked at only after the next event.
 * @param {number} pid @param {string} folder @returns {Promise<number>}
 */
async function nextDump(pid, folder) {
  const expected = dumpsIn(folder) + 1;
  await sleep(200);
  process.kill(pid, "SIGUSR1");
  for (let waited = 0; waited < 200; waited++) {
    await sleep(50);
    if (dumpsIn(folder) < expected) continue;
    const total = /^totals: (\d+)/m.exec(readFileSync(join(folder, `callgrind.${expected}`), "utf8"));
    if (total !== null) return Number(total[1]);
  }
  throw new Error("callgrind wrote no counters within 10 seconds: does this nginx export ngx_reopen_files?");
}

/** How many dumps there are; they are numbered from 1. @param {string} folder */
function dumpsIn(folder) {
  return readdirSync(folder).filter((name) => /^callgrind\.\d+$/.test(name)).length;
}
