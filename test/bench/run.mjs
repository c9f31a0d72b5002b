/**
 * `npm run bench -- [--json] [--check] [--traces <variant> [--dump]]`. Measures every variant in one run on this machine.
 * `--check` exits with 1 when a target is missed or could not be measured.
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
import { BREAKERS, VARIANTS, WARM_UP_REQUESTS } from "./variants.mjs";
import { verifyTrips } from "./verify-trips.mjs";

const ALL_VARIANTS = { ...VARIANTS, ...HOST_VARIANTS };

const say = (text) => process.stderr.write(`${text}\n`);

/** @returns {Promise<number>} the exit code */
export async function main(argv = process.argv.slice(2)) {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      traces: { type: "string" },
      dump: { type: "boolean", default: false },
    },
  });
  if (values.traces !== undefined && ALL_VARIANTS[values.traces] === undefined) {
    say(`no variant ${values.traces}; there are: ${Object.keys(ALL_VARIANTS).join(", ")}`);
    return 2;
  }
  const missing = missingTools(values.traces === undefined ? ["valgrind", "wrk"] : []);
  const engine = findEngine();
  if (missing.length > 0 || engine === undefined) {
    process.stdout.write(`bench: skipped, missing: ${missing.join(", ")}\n`);
    return 0;
  }
  const upstream = await startUpstream(engine.nginx);
  const place = async () => ({ engine, port: await freePort(), upstreamPort: upstream.port });
  try {
    if (values.traces !== undefined) return await showTraces(values.traces, await place(), values.dump);
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

async function measureAll(engine, place, { json, check }) {
  const prepared = [];
  const notBuilt = [];
  for (const [name, prepare] of Object.entries(ALL_VARIANTS)) {
    const gateway = prepare(await place());
    if (gateway === undefined) notBuilt.push(name);
    else prepared.push({ name, gateway });
  }
  try {
    for (const { name, gateway } of prepared) {
      if (BREAKERS.includes(name) || name in HOST_VARIANTS) await verifyTrips(name, gateway);
    }
    const build = measureBuild();
    const counted = [];
    for (const { name, gateway } of prepared) {
      say(`counting instructions: ${name}`);
      counted.push({ name, ...(await countInstructions(gateway, { warmUpRequests: WARM_UP_REQUESTS[name] })) });
    }
    say("measuring CPU under wrk");
    const cpu = await measureCpu(prepared.filter(({ name }) => name in VARIANTS));
    const variants = counted.map((counts) => ({ ...counts, cpuMicroseconds: cpu.get(counts.name) }));
    const wrappers = wrapperCosts(variants);
    const targets = targetsOf(variants, build, wrappers).map((target) => ({ ...target, verdict: verdict(target) }));
    const machine = facts(engine);
    const result = { machine, variants, notBuilt, build, wrappers, targets };
    process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : text(result));
    const missed = targets.some((target) => target.verdict === "not reached" || target.verdict === "not measured");
    return check && missed ? 1 : 0;
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
    notBuilt.map((name) => `${name}: not built (npm run build)`).join("\n"),
    seconds ?? "stock-only build: not built (npm run build)",
    targetLines(targets),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
