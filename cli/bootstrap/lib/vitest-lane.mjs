import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { inRoot, root, tool } from "./places.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/** A lane that takes longer hangs: the engine's takes some ten minutes, and twice that on a busy machine. */
const LANE_SECONDS = 2400;

/**
 * `failures`: a line for each of the failed ones that has a name.
 * @typedef {{ passed: number, failed: number, skipped: number, failures?: readonly string[] }} Counts
 */

/**
 * Runs one lane (a vitest project) and shows its output.
 *
 * @param {string} name
 * @returns {Promise<Counts>} a lane that crashes, or that fails outside of its tests, counts as one failed
 */
export async function runLane(name) {
  const folder = await mkdtemp(join(tmpdir(), "autoscale-lua-report-"));
  const file = join(folder, "report.json");
  try {
    const args = ["run", "--project", name, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const result = await run(tool("vitest"), args, { cwd: root, show: true, timeoutSeconds: LANE_SECONDS });
    const report = await readFile(file, "utf8").then(JSON.parse, () => undefined);
    if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
    for (const line of skippedNames(report)) say(`skipped: ${line}`);
    return { ...countReport(report, result.ok), failures: failedNames(report) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Sums one JSON report of vitest. A file that fails before its first test has no failed test in the report.
 *
 * @returns {Counts}
 */
export function countReport(report, exitedWell) {
  const broken = report.testResults.filter((file) => {
    return file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
  });
  const failed = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !exitedWell ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The failed tests, each with the first line of why. */
export function failedNames(report) {
  return report.testResults.flatMap((file) => {
    const path = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && file.status === "failed") return [`${path}: ${firstLine(file.message)}`];
    return failed.map(({ ancestorTitles, title, failureMessages: [message] }) => {
      return `${[path, ...ancestorTitles, title].join(" > ")}: ${firstLine(message)}`;
    });
  });
}

function firstLine(message = "") {
  return message.split("\n", 1)[0].slice(0, 300);
}

/** The skipped tests with their reasons, which stand in their names. A group that is skipped whole is one line. */
export function skippedNames(report) {
  const groups = new Map();
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      const group = [relative(root, file.name), ...test.ancestorTitles.slice(0, 1)].join(" > ");
      const found = groups.get(group) ?? { ran: 0, skipped: [] };
      groups.set(group, found);
      if (test.status === "passed" || test.status === "failed") found.ran += 1;
      else found.skipped.push(test.title);
    }
  }
  return [...groups].flatMap(([group, { ran, skipped }]) =>
    ran === 0 && skipped.length > 1 ? [`${group} (${skipped.length})`] : skipped.map((title) => `${group} > ${title}`),
  );
}

/** How many test files a lane has; what a lane that cannot run counts as skipped. */
export async function countTestFiles(name) {
  const entries = await readdir(inRoot("test", name), { recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.endsWith(".test.ts")).length;
}
