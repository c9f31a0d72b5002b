/** From measurements to the table, the targets and the JSON. */

/**
 * @typedef {object} Measured
 * @property {string} name @property {number} instructions for a request @property {number} spread among windows
 * @property {number} requestsPerSecond while they were counted
 * @property {number | undefined} cpuMicroseconds
 *
 * @typedef {object} Target
 * @property {string} what @property {number} limit @property {number | undefined} value undefined: not measured
 */

const MAX_TO_BARE = 1.35;
const MAX_TO_HAND_WRITTEN = 1.1;
const MAX_BUILD_WALL_SECONDS = 0.8;

/**
 * @param {readonly Measured[]} variants @param {{ wallSeconds: number } | undefined} build
 * @returns {readonly Target[]}
 */
export function targetsOf(variants, build) {
  const of = (name) => variants.find((variant) => variant.name === name)?.instructions;
  const ratio = (name, other) => {
    const [ours, base] = [of(name), of(other)];
    return ours === undefined || base === undefined ? undefined : ours / base;
  };
  return [
    { what: "ours / bare, instructions", limit: MAX_TO_BARE, value: ratio("ours", "bare") },
    { what: "ours / hand-written, instructions", limit: MAX_TO_HAND_WRITTEN, value: ratio("ours", "hand-written") },
    { what: "ours-minimal / minimal, instructions", limit: MAX_TO_BARE, value: ratio("ours-minimal", "minimal") },
    { what: "stock-only build, seconds of wall time", limit: MAX_BUILD_WALL_SECONDS, value: build?.wallSeconds },
  ];
}

/** @param {Target} target @returns {"reached" | "not reached" | "not measured"} */
export function verdict({ value, limit }) {
  if (value === undefined) return "not measured";
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
      const value = target.value === undefined ? "-" : target.value.toFixed(3);
      return `${target.what}: ${value}, at most ${target.limit}: ${verdict(target)}`;
    })
    .join("\n");
}
