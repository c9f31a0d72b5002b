/** Gateways that differ in the number of peers alone: what a pick costs among many. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "../build.mjs";
import { gatewayIn, temporaryFolder } from "../gateway-folder.mjs";

/**
 * A gateway.yaml, in JSON. Connections to peers are not kept: nginx looks for a kept one in a list of all of them. Nor does
 * health count: each second it tells the other workers of each peer that was asked, so of more where there are more.
 * @param {number} port @param {number | undefined} adminPort @param {string} policy
 */
const config = (port, adminPort, policy) => ({
  listen: [{ address: "127.0.0.1", port }],
  ...(adminPort === undefined ? {} : { admin: { address: "127.0.0.1", port: adminPort } }),
  workers: 1,
  access_log: { format: "off" },
  upstreams: {
    service: {
      discovery: { file: { path: "peers.json" } },
      keepalive: { connections: 0 },
      balance: { policy, ...(policy === "consistent-hash" ? { hash_on: ["path"] } : {}) },
    },
  },
  routes: [{ name: "service", path: "/", upstream: "service" }],
});

/** All of 127.0.0.0/8 is this machine. @param {number} n */
const address = (n) => `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;

/**
 * @param {import("../gateway-folder.mjs").Place} place @param {number} count of peers
 * @param {{ policy?: string, adminPort?: number }} [options]
 * @returns {import("../gateway-folder.mjs").Gateway | undefined} undefined when our command line is not built
 */
export function gatewayWithPeers(place, count, { policy = "peak-ewma", adminPort } = {}) {
  const out = temporaryFolder("peers");
  const peers = Array.from({ length: count }, (_, n) => `${address(n)}:${place.peersPort}`);
  writeFileSync(join(out, "peers.json"), JSON.stringify(peers));
  const file = join(out, "gateway.yaml");
  writeFileSync(file, JSON.stringify(config(place.port, adminPort, policy)));
  if (!buildBundle(file, out, place, "openresty")) {
    rmSync(out, { recursive: true });
    return undefined;
  }
  return gatewayIn(place, out, { prefix: join(out, "openresty"), conf: "conf/nginx.conf" });
}

/** @type {readonly (readonly [string, readonly number[]])[]} */
export const POLICIES = [
  ["peak-ewma", [10, 100, 1000, 5000]],
  ["round-robin", [10, 5000]],
  ["consistent-hash", [10, 5000]],
];

/** Each of thousands of peers is to have been asked some times. */
export const PEER_WARM_UP_REQUESTS = 20_000;

/** @type {Readonly<Record<string, import("../variants.mjs").Prepare>>} */
export const PEER_VARIANTS = Object.fromEntries(
  POLICIES.flatMap(([policy, counts]) =>
    counts.map((count) => [`${policy}-${count}`, (place) => gatewayWithPeers(place, count, { policy })]),
  ),
);
