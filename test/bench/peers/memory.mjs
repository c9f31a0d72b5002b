/** What a worker remembers of each peer that discovery finds: Lua's memory, with few peers and with many. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sendRequests } from "../client.mjs";
import { freePort, startServer } from "../process.mjs";
import { gatewayWithPeers } from "./variants.mjs";

const FEW = 10;
const MANY = 10_000;
const REQUESTS = 20_000;
const SCRAPES = 10;
/** A worker tells of itself each second. */
const SECONDS_BETWEEN = 1.2;

/**
 * The least of several readings: what is above it is garbage that is not yet collected. The requests make the collector run.
 * @param {import("../gateway-folder.mjs").Place} place @param {number} count @returns {Promise<number | undefined>}
 */
async function luaBytes(place, count) {
  const adminPort = await freePort();
  const gateway = gatewayWithPeers(place, count, { adminPort });
  if (gateway === undefined) return undefined;
  const server = await startServer(gateway.program, gateway.args("daemon off;"), gateway.port);
  try {
    await peersShown(adminPort, count);
    let least = Infinity;
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      await sendRequests(gateway.port, REQUESTS / SCRAPES);
      await sleep(SECONDS_BETWEEN * 1000);
      const text = await textOf(adminPort, "/metrics");
      least = Math.min(least, Number(/^gateway_worker_lua_memory_bytes\{.*\} (\d+)/m.exec(text)?.[1]));
    }
    return least;
  } finally {
    await server.stop();
    rmSync(gateway.folder, { recursive: true, force: true });
  }
}

/** @param {number} port @param {string} path */
async function textOf(port, path) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } });
  return answer.text();
}

/** Waits until all of them take requests. @param {number} adminPort @param {number} count */
async function peersShown(adminPort, count) {
  for (let waited = 0; waited < 300; waited++) {
    const { upstreams } = JSON.parse(await textOf(adminPort, "/status"));
    if (upstreams.service.peers_available === count) return;
    await sleep(100);
  }
  throw new Error(`after 30 seconds there are still not ${count} peers`);
}

/**
 * @param {() => Promise<import("../gateway-folder.mjs").Place>} place
 * @returns {Promise<{ peers: number, bytesPerPeer: number } | undefined>} undefined when not built
 */
export async function measurePeerMemory(place) {
  const few = await luaBytes(await place(), FEW);
  const many = await luaBytes(await place(), MANY);
  return few === undefined || many === undefined
    ? undefined
    : { peers: MANY, bytesPerPeer: (many - few) / (MANY - FEW) };
}
