// `npm run check`: every static check, each with its time; exit code 1 when one fails.
import { pathToFileURL } from "node:url";
import { root, tool } from "./lib/places.mjs";
import { run } from "./lib/run.mjs";
import { say, seconds } from "./lib/say.mjs";

/** The slow one first: two run at a time. */
const CHECKS = [
  { name: "eslint", program: "eslint", args: ["."] },
  { name: "types of the Node program", program: "tsc", args: ["-p", "tsconfig.json"] },
  { name: "types of the Lua program", program: "tsc", args: ["-p", "tstl.json", "--noEmit"] },
  {
    name: "types of the status page",
    program: "tsc",
    args: ["-p", "templates/openresty/status-page/tsconfig.json"],
  },
  { name: "prettier", program: "prettier", args: ["--check", "--log-level", "warn", "."] },
  { name: "borders between rooms", program: "depcruise", args: ["--config", ".dependency-cruiser.cjs", ...rooms()] },
  { name: "architecture tests", program: "vitest", args: ["run", "--project", "unit", "test/architecture"] },
];

function rooms() {
  return ["cli", "plugins", "nginx", "templates", "test"];
}

/**
 * Runs the static checks and prints each one's outcome, with its output when it failed.
 *
 * @param {{ without?: readonly string[] }} [options] names of checks to leave out
 * @returns {Promise<{ passed: number, failed: number, failures: readonly string[] }>}
 */
export async function runChecks({ without = [] } = {}) {
  const waiting = CHECKS.filter((check) => !without.includes(check.name));
  const counts = { passed: 0, failed: 0, failures: [] };
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now();
      const result = await run(tool(check.program), check.args, { cwd: root, timeoutSeconds: 300 });
      const time = seconds(performance.now() - started);
      counts[result.ok ? "passed" : "failed"] += 1;
      say(`check ${result.ok ? "passed" : "FAILED"}: ${check.name} (${time})`);
      if (!result.ok) {
        counts.failures.push(check.name);
        say(result.output.trim());
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { failed } = await runChecks();
  if (failed > 0) process.exitCode = 1;
}
