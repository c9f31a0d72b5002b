/**
 * `npm run bench -- [--json] [--check] [--only <variant>,…] [--traces <variant> [--dump]]`. Measures every variant in one run
 * on this machine. `--check` exits with 1 when a target is missed or could not be measured. `--only` measures instructions
 * of some variants, and tells the targets that these are enough for.
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureBuild } from "./build.mjs";
import { countInstructions } from "./callgrind.mjs";
import { measureCpu } from "./cpu.mjs";
import { verifyHandWritten } from "./hand-written/verify.mjs";
import { facts } from "./facts.mjs";
import { freePort } from "./process.mjs";
import { table, targetLines, targetsOf, verdict } from "./report.mjs";
import { findEngine, missingTools } from "./tools.mjs";
import { traces } from "./traces.mjs";
import { startUpstream } from "./upstream.mjs";
import { HOST_VARIANTS } from "./hosts/variants.mjs";
import { wrapperCosts, wrapperTable } from "./hosts/wrapper-costs.mjs";
import { measurePeerMemory } from "./peers/memory.mjs";
import { peersTable } from "./peers/report.mjs";
import { PEER_VARIANTS, PEER_WARM_UP_REQUESTS } from "./peers/variants.mjs";
import { BREAKERS, VARIANTS, WARM_UP_REQUESTS } from "./variants.mjs";
import { verifyTrips } from "./verify-trips.mjs";

const ALL_VARIANTS = { ...VARIANTS, ...HOST_VARIANTS, ...PEER_VARIANTS };

const say = (text) => process.stderr.write(`${text}\n`);

/** @returns {Promise<number>} the exit code */
export async function main(argv = process.argv.slice(2)) {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      only: { type: "string" },
      traces: { type: "string" },
      dump: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",");
  for (const name of [...(only ?? []), ...(values.traces === undefined ? [] : [values.traces])]) {
    if (ALL_VARIANTS[name] === undefined) {
      say(`no variant ${name}; there are: ${Object.keys(ALL_VARIANTS).join(", ")}`);
      return 2;
    }
  }
  const missing = missingTools(values.traces === undefined ? ["valgrind", "wrk"] : []);
  const engine = findEngine();
  if (missing.length > 0 || engine === undefined) {
    process.stdout.write(`bench: skipped, missing: ${missing.join(", ")}\n`);
    return 0;
  }
  const upstream = await startUpstream(engine.nginx);
  const { port: upstreamPort, peersPort } = upstream;
  const place = async () => ({ engine, port: await freePort(), upstreamPort, peersPort });
  try {
    if (values.traces !== undefined) return await showTraces(values.traces, await place(), values.dump);
    if (only !== undefined) return await measureSome(only, place, values);
    await verifyHandWritten(await place());
    return await measureAll(engine, place, values);
  } finally {
    await upstream.stop();
  }
}

async function showTraces(name, place, dump) {
  const gateway = ALL_VARIANTS[name]?.(place);
  if (gateway === undefined) {
    process.stdout.write(`${name}: not built (npm run build)\n`);
    return 0;
  }
  process.stdout.write(`${await traces(gateway, { dump })}\n`);
  rmSync(gateway.folder, { recursive: true, force: true });
  return 0;
}

/** The gateways of these variants, ready to be started, and the names of those that are not built. */
async function prepareAll(names, place) {
  const prepared = [];
  const notBuilt = [];
  for (const name of names) {
    const gateway = ALL_VARIANTS[name]?.(await place());
    if (gateway === undefined) notBuilt.push(name);
    else prepared.push({ name, gateway });
  }
  return { prepared, notBuilt };
}

async function countAll(prepared) {
  const counted = [];
  for (const { name, gateway } of prepared) {
    say(`counting instructions: ${name}`);
    const options =
      name in PEER_VARIANTS
        ? { warmUpRequests: PEER_WARM_UP_REQUESTS, withoutIdle: true }
        : { warmUpRequests: WARM_UP_REQUESTS[name] };
    counted.push({ name, ...(await countInstructions(gateway, options)) });
  }
  return counted;
}

async function measureSome(names, place, { json, check }) {
  const { prepared, notBuilt } = await prepareAll(names, place);
  try {
    const variants = await countAll(prepared);
    const targets = withVerdicts(targetsOf(variants, {})).filter(({ value }) => value !== undefined);
    const result = { variants, notBuilt, targets };
    process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : someText(variants, targets));
    return check && targets.some(isMissed) ? 1 : 0;
  } finally {
    for (const { gateway } of prepared) rmSync(gateway.folder, { recursive: true, force: true });
  }
}

function someText(variants, targets) {
  const plain = variants.filter(({ name }) => !(name in PEER_VARIANTS));
  const parts = [plain.length > 0 ? table(plain) : "", peersTable(variants), targetLines(targets)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const withVerdicts = (targets) => targets.map((target) => ({ ...target, verdict: verdict(target) }));
const isMissed = (target) => target.verdict === "not reached" || target.verdict === "not measured";

async function measureAll(engine, place, { json, check }) {
  const { prepared, notBuilt } = await prepareAll(Object.keys(ALL_VARIANTS), place);
  try {
    for (const { name, gateway } of prepared) {
      if (BREAKERS.includes(name) || name in HOST_VARIANTS) await verifyTrips(name, gateway);
    }
    const build = measureBuild();
    const counted = await countAll(prepared);
    say("measuring the memory of peers");
    const peerMemory = await measurePeerMemory(place);
    say("measuring CPU under wrk");
    const cpu = await measureCpu(prepared.filter(({ name }) => name in VARIANTS));
    const variants = counted.map((counts) => ({ ...counts, cpuMicroseconds: cpu.get(counts.name) }));
    const wrappers = wrapperCosts(variants);
    const targets = withVerdicts(targetsOf(variants, { build, wrappers, peerMemory }));
    const machine = facts(engine);
    const result = { machine, variants, notBuilt, build, wrappers, peerMemory, targets };
    process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : text(result));
    return check && targets.some(isMissed) ? 1 : 0;
  } finally {
    for (const { gateway } of prepared) rmSync(gateway.folder, { recursive: true, force: true });
  }
}

function text({ machine, variants, notBuilt, build, wrappers, targets }) {
  const seconds =
    build && `stock-only build: ${build.wallSeconds.toFixed(2)} s wall, ${build.cpuSeconds.toFixed(2)} s CPU`;
  const parts = [
    Object.entries(machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    table(variants.filter(({ name }) => name in VARIANTS)),
    wrapperTable(wrappers),
    peersTable(variants),
    notBuilt.map((name) => `${name}: not built (npm run build)`).join("\n"),
    seconds ?? "stock-only build: not built (npm run build)",
    targetLines(targets),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
