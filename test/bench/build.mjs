/** Our own command line: builds the bundles to measure, and is itself measured. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cpuSeconds } from "./tools.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const program = join(root, "lib", "cli", "main.js");
const quickstart = join(root, "examples", "quickstart", "gateway.yaml");

/** @param {string} file @param {string} out @param {string} targets @param {Record<string, string>} env */
function runBuild(file, out, targets, env) {
  const result = spawnSync(process.execPath, [program, "build", file, "--target", targets, "--out", out], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) throw new Error(`build ${file} failed:\n${result.stdout}${result.stderr}`);
}

/**
 * @param {string} file @param {string} out
 * @param {{ port: number, upstreamPort: number }} ports given to the file as BENCH_PORT and BENCH_UPSTREAM_PORT
 * @param {string} targets their names, separated by commas
 * @returns {boolean} false when our command line is not built
 */
export function buildBundle(file, out, { port, upstreamPort }, targets) {
  if (!existsSync(program)) return false;
  runBuild(file, out, targets, { BENCH_PORT: String(port), BENCH_UPSTREAM_PORT: String(upstreamPort) });
  return true;
}

const RUNS = 5;

/**
 * The build of the quickstart, which uses stock plugins only.
 * @returns {{ wallSeconds: number, cpuSeconds: number } | undefined} medians; undefined when not built
 */
export function measureBuild() {
  if (!existsSync(program) || !existsSync(quickstart)) return undefined;
  const out = mkdtempSync(join(tmpdir(), "autoscale-bench-build-"));
  const runs = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const startedMs = performance.now();
      const cpuBefore = cpuSeconds("self", "children");
      runBuild(quickstart, out, "openresty", {});
      runs.push({
        wallSeconds: (performance.now() - startedMs) / 1000,
        cpuSeconds: cpuSeconds("self", "children") - cpuBefore,
      });
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return { wallSeconds: median(runs.map((r) => r.wallSeconds)), cpuSeconds: median(runs.map((r) => r.cpuSeconds)) };
}

/** The middle one of an odd number of values. @param {readonly number[]} values @returns {number} */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
