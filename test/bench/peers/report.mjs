/** What is told of gateways with few and with many peers. */
import { POLICIES } from "./variants.mjs";

/** What a request may cost among many peers beside few. Rows with Lua repeat to about a hundredth. */
const MAX_CONSTANT = 1.05;
/** Of a rotation with 5,000 peers: its heap has 13 levels in place of 4, and a pick goes down all of them. */
const MAX_LOGARITHMIC = 1.15;

/**
 * @param {(name: string) => number | undefined} instructionsOf a variant
 * @param {{ peers: number, bytesPerPeer: number } | undefined} memory
 * @returns {readonly import("../report.mjs").Target[]}
 */
export function peerTargets(instructionsOf, memory) {
  const ratios = POLICIES.map(([policy, counts]) => {
    const [few, many] = [Math.min(...counts), Math.max(...counts)];
    const [less, more] = [instructionsOf(`${policy}-${few}`), instructionsOf(`${policy}-${many}`)];
    return {
      what: `${policy} among ${many} peers / among ${few}, instructions`,
      limit: policy === "round-robin" ? MAX_LOGARITHMIC : MAX_CONSTANT,
      value: more === undefined || less === undefined ? undefined : more / less,
    };
  });
  return [...ratios, { what: "Lua memory for each of 10000 peers, bytes in a worker", value: memory?.bytesPerPeer }];
}

/** @param {readonly import("../report.mjs").Measured[]} variants @returns {string} */
export function peersTable(variants) {
  const rows = variants
    .filter(({ idlePerSecond }) => idlePerSecond !== undefined)
    .map(({ name, instructions, spread, idlePerSecond }) => {
      const cells = [instructions, spread, idlePerSecond ?? 0].map((value) => value.toFixed(0).padStart(13));
      return `${name.padEnd(22)}${cells.join("")}`;
    });
  const title = "instructions by the number of peers, with a new connection to the peer for each request";
  const heading = `${"".padEnd(22)}${["a request", "spread", "idle second"].map((text) => text.padStart(13)).join("")}`;
  return rows.length === 0 ? "" : [title, heading, ...rows].join("\n");
}
