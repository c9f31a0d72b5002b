/** From measurements to the table, the targets and the JSON. */
import { titleOf } from "./hosts/wrapper-costs.mjs";
import { peerTargets } from "./peers/report.mjs";

/**
 * @typedef {object} Measured
 * @property {string} name @property {number} instructions for a request @property {number} spread among windows
 * @property {number} requestsPerSecond while they were counted
 * @property {number} [idlePerSecond] instructions of a second without requests, which are not in the others then
 * @property {number} [cpuMicroseconds] not of all of them
 *
 * @typedef {object} Target
 * @property {string} what @property {number} [limit] absent: told for information
 * @property {number | undefined} value undefined: not measured
 */

const MAX_TO_BARE = 1.35;
const MAX_METRICS_TO_BARE = 1.2;
const MAX_RATE_LIMIT_TO_BARE = 1.25;
const MAX_CONCURRENCY_TO_BARE = 1.35;
const MAX_TO_HAND_WRITTEN = 1.1;
const MAX_BUILD_WALL_SECONDS = 0.8;
const MAX_WRAPPER_PER_PHASE = 1500;
/** What a pick in Lua may add to nginx's static upstream. */
const MAX_DYNAMIC = 6000;

/**
 * @typedef {object} Others what is measured beside instructions
 * @property {{ wallSeconds: number }} [build]
 * @property {readonly import("./hosts/wrapper-costs.mjs").WrapperCost[]} [wrappers]
 * @property {{ peers: number, bytesPerPeer: number }} [peerMemory]
 */

/** @param {readonly Measured[]} variants @param {Others} others @returns {readonly Target[]} */
export function targetsOf(variants, { build, wrappers = [], peerMemory }) {
  const of = (name) => variants.find((variant) => variant.name === name)?.instructions;
  const ratio = (name, other) => {
    const [ours, base] = [of(name), of(other)];
    return ours === undefined || base === undefined ? undefined : ours / base;
  };
  const added = (name, other) => {
    const [more, less] = [of(name), of(other)];
    return more === undefined || less === undefined ? undefined : more - less;
  };
  return [
    { what: "ours / bare, instructions", limit: MAX_TO_BARE, value: ratio("ours", "bare") },
    { what: "ours / hand-written, instructions", limit: MAX_TO_HAND_WRITTEN, value: ratio("ours", "hand-written") },
    { what: "ours-minimal / minimal, instructions", limit: MAX_TO_BARE, value: ratio("ours-minimal", "minimal") },
    { what: "ours-metrics / bare, instructions", limit: MAX_METRICS_TO_BARE, value: ratio("ours-metrics", "bare") },
    {
      what: "ours-rate-limit / bare, instructions",
      limit: MAX_RATE_LIMIT_TO_BARE,
      value: ratio("ours-rate-limit", "bare"),
    },
    {
      what: "ours-rate-limit-quiet (headers: none) / bare, instructions",
      limit: MAX_RATE_LIMIT_TO_BARE,
      value: ratio("ours-rate-limit-quiet", "bare"),
    },
    {
      what: "ours-concurrency / bare, instructions",
      limit: MAX_CONCURRENCY_TO_BARE,
      value: ratio("ours-concurrency", "bare"),
    },
    {
      what: "ours-dynamic - ours-no-plugin (nginx's static upstream), instructions",
      limit: MAX_DYNAMIC,
      value: added("ours-dynamic", "ours-no-plugin"),
    },
    { what: "ours-dynamic - bare, instructions", value: added("ours-dynamic", "bare") },
    ...peerTargets(of, peerMemory),
    { what: "stock-only build, seconds of wall time", limit: MAX_BUILD_WALL_SECONDS, value: build?.wallSeconds },
    ...wrappers.flatMap(wrapperTargets),
  ];
}

/** @param {import("./hosts/wrapper-costs.mjs").WrapperCost} cost @returns {readonly Target[]} */
function wrapperTargets(cost) {
  const limit = cost.standIn ? { limit: MAX_WRAPPER_PER_PHASE } : {};
  const what = `wrapper of ${titleOf(cost)}, instructions`;
  const main = { what: `${what} per phase`, ...limit, value: cost.perPhase };
  return cost.idlePhase === undefined
    ? [main]
    : [main, { what: `${what} in ${cost.idlePhase}`, ...limit, value: cost.idle }];
}

/** @param {Target} target @returns {"reached" | "not reached" | "not measured" | "for information"} */
export function verdict({ value, limit }) {
  if (value === undefined) return "not measured";
  if (limit === undefined) return "for information";
  return value <= limit ? "reached" : "not reached";
}

const COLUMNS = ["variant", "instructions", "spread", "at req/s", "/ bare", "/ hand-written", "CPU / bare (noisy)"];

/** @param {readonly Measured[]} variants @returns {string} */
export function table(variants) {
  const bare = variants.find((variant) => variant.name === "bare");
  const hand = variants.find((variant) => variant.name === "hand-written");
  const ratio = (value, base) => (value === undefined || base === undefined ? "-" : (value / base).toFixed(3));
  const rows = variants.map((variant) => [
    variant.name,
    variant.instructions.toFixed(0),
    variant.spread.toFixed(0),
    variant.requestsPerSecond.toFixed(0),
    ratio(variant.instructions, bare?.instructions),
    ratio(variant.instructions, hand?.instructions),
    ratio(variant.cpuMicroseconds, bare?.cpuMicroseconds),
  ]);
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells) => cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i]))).join("  ");
  return [COLUMNS, ...rows].map(line).join("\n");
}

/** @param {readonly Target[]} targets @returns {string} */
export function targetLines(targets) {
  return targets
    .map((target) => {
      const { what, value, limit } = target;
      const shown = value === undefined ? "-" : value.toFixed(Math.abs(value) < 10 ? 3 : 0);
      return `${what}: ${shown}${limit === undefined ? "" : `, at most ${limit}`}: ${verdict(target)}`;
    })
    .join("\n");
}
