// `npm test`: installs what the lanes need, builds, and runs every lane that can run here.
// `node cli/bootstrap/test.mjs unit lua` runs the ones named.
import { ensureBuilt } from "./build.mjs";
import { runChecks } from "./check.mjs";
import { ensureSystem } from "./install-system.mjs";
import { ensureNpmPackages } from "./lib/npm-packages.mjs";
import { say, seconds } from "./lib/say.mjs";
import { countTestFiles, runLane } from "./lib/vitest-lane.mjs";

/** Each lane, and the parts of the system it needs (see install-system.mjs). */
const LANES = {
  check: [],
  unit: [],
  lua: ["luajit"],
  golden: ["engine"],
  engine: ["engine"],
  browser: ["browser", "engine"],
  containers: ["containers"],
};

/** Without these only some tests of a lane are skipped, each by name. */
const HELPFUL = { unit: ["redis"], engine: ["promtool", "redis"] };

/** All parts before the first lane: tests of the lane `unit` use LuaJIT and nginx where they are there. */
async function ensureParts(lanes) {
  const faults = new Map();
  for (const part of new Set(lanes.flatMap((name) => LANES[name]))) faults.set(part, await ensureSystem(part));
  for (const part of new Set(lanes.flatMap((name) => HELPFUL[name] ?? []))) {
    const fault = await ensureSystem(part);
    if (fault !== undefined) say(`without ${part}: ${fault}`);
  }
  return faults;
}

/** @returns {Promise<import("./lib/vitest-lane.mjs").Counts>} */
async function runOne(name, faults) {
  const fault = LANES[name].map((part) => faults.get(part)).find((reason) => reason !== undefined);
  if (fault !== undefined) {
    say(`\nlane ${name}: SKIPPED, because ${fault}`);
    return { passed: 0, failed: 0, skipped: Math.max(1, await countTestFiles(name)) };
  }
  if (name !== "check" && name !== "unit" && (await countTestFiles(name)) === 0) {
    say(`\nlane ${name}: SKIPPED, because it has no tests`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const started = performance.now();
  say(`\nlane ${name}`);
  // The lane `unit` runs the architecture tests.
  const counts =
    name === "check" ? { ...(await runChecks({ without: ["architecture tests"] })), skipped: 0 } : await runLane(name);
  say(`lane ${name}: ${summary(counts)} in ${seconds(performance.now() - started)}`);
  return counts;
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function finish(counts, failures = []) {
  say(["", ...failures.map((line) => `failed: ${line}`), summary(counts)].join("\n"));
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in LANES));
if (unknown.length > 0) {
  say(`no lane named ${unknown.join(", ")}; there are: ${Object.keys(LANES).join(", ")}`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const fault = (await ensureNpmPackages()) ?? (await ensureBuilt());
if (fault !== undefined) {
  say(fault);
  finish({ ...total, failed: 1 });
} else {
  const lanes = named.length > 0 ? named : Object.keys(LANES);
  const faults = await ensureParts(lanes);
  const failures = [];
  for (const name of lanes) {
    const counts = await runOne(name, faults);
    for (const key of Object.keys(total)) total[key] += counts[key];
    failures.push(...(counts.failures ?? []).map((line) => `${name}: ${line}`));
  }
  finish(total, failures);
}
