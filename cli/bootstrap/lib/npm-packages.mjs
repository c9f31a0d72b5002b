import { readFile } from "node:fs/promises";
import { inRoot, root } from "./places.mjs";
import { run } from "./run.mjs";
import { say, seconds } from "./say.mjs";

/**
 * Sees to `node_modules`: runs `npm ci` when a package is missing or of another version than package-lock.json says.
 *
 * @returns {Promise<string | undefined>} why it could not be done, or undefined
 */
export async function ensureNpmPackages() {
  if (await matchesLock()) return undefined;
  say("Installing the npm packages of package-lock.json (npm ci)");
  const started = performance.now();
  const result = await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, timeoutSeconds: 600 });
  if (!result.ok) return `npm ci failed:\n${result.output.trim()}`;
  say(`npm packages installed in ${seconds(performance.now() - started)}`);
  return undefined;
}

/** Optional packages are those of other platforms: npm leaves them out. */
async function matchesLock() {
  const [wanted, installed] = await Promise.all([
    readPackages(inRoot("package-lock.json")),
    readPackages(inRoot("node_modules", ".package-lock.json")),
  ]);
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    return path === "" || entry.optional === true || installed[path]?.version === entry.version;
  });
}

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
