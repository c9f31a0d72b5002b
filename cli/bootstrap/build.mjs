// `npm run build`: makes lib/ - the command line as JavaScript, the templates, the stock plugins as Lua; with `--stack` also
// dist/stack, the gateway of docker-compose.yml.
import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { mkdir } from "node:fs/promises";
import { withLock } from "./lib/lock.mjs";
import { inRoot, root, tool } from "./lib/places.mjs";
import { run } from "./lib/run.mjs";
import { say, seconds } from "./lib/say.mjs";
import { filesBelow, sourceHash } from "./lib/source-hash.mjs";
import { buildStack } from "./lib/stack-bundle.mjs";
import { joinStatusPage } from "./lib/status-page.mjs";

const LIB = inRoot("lib");
const STAMP = join(LIB, ".stamp");

/**
 * Builds lib/ when its sources have changed since it was built. A build that fails leaves the old lib/ as it was; two
 * at once wait for each other.
 *
 * @returns {Promise<string | undefined>} why it failed, or undefined
 */
export async function ensureBuilt({ force = false } = {}) {
  return withLock(inRoot(".cache", "build.lock"), async () => {
    const hash = await sourceHash();
    if (!force && (await readFile(STAMP, "utf8").catch(() => "")) === hash) return undefined;
    const started = performance.now();
    const fresh = inRoot(`.lib-${process.pid}`);
    await removeAbandoned();
    try {
      const fault = await buildInto(fresh);
      if (fault !== undefined) return fault;
      await writeFile(join(fresh, ".stamp"), hash);
      await replaceLib(fresh);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    say(`Built lib/ in ${seconds(performance.now() - started)}`);
    return undefined;
  });
}

/** Beside lib/, so that the relative paths in source maps hold after the move. */
async function buildInto(folder) {
  const tsc = await run(tool("tsc"), ["-p", "cli/tsconfig.json", "--outDir", folder], { cwd: root });
  if (!tsc.ok) return `tsc -p cli/tsconfig.json failed:\n${tsc.output.trim()}`;
  for (const file of await filesBelow(inRoot("templates"))) {
    if (file.endsWith(".hbs")) await copyInto(folder, file);
  }
  const page = await joinStatusPage().catch((error) => ({
    fault: `joining the status page failed:\n${error.message}`,
  }));
  if (typeof page !== "string") return page.fault;
  await writeFile(join(folder, "templates/openresty/status-page/status.html"), page);
  const precompile = pathToFileURL(join(folder, "cli/build/precompile.js")).href;
  const script = `
    const { precompile } = await import(${JSON.stringify(precompile)});
    try { await precompile(${JSON.stringify(root)}, ${JSON.stringify(join(folder, "lua"))}); }
    catch (error) { console.error(error.name === "AutoscaleError" ? error.message : error); process.exitCode = 1; }`;
  const lua = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: root });
  return lua.ok ? undefined : `compiling the stock plugins to Lua failed:\n${lua.output.trim()}`;
}

async function copyInto(folder, file) {
  const target = join(folder, relative(root, file));
  await mkdir(dirname(target), { recursive: true });
  await cp(file, target);
}

async function replaceLib(fresh) {
  const old = inRoot(`.lib-old-${process.pid}`);
  await rename(LIB, old).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(fresh, LIB);
  await rm(old, { recursive: true, force: true });
}

/** What a build that was killed left; we hold the lock, so nobody is at work on it. */
async function removeAbandoned() {
  const names = (await readdir(root)).filter((name) => /^\.lib-(?:old-)?\d+$/.test(name));
  for (const name of names) await rm(inRoot(name), { recursive: true, force: true });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await ensureBuilt({ force: process.argv.includes("--force") });
  const fault = built ?? (process.argv.includes("--stack") ? await buildStack() : undefined);
  if (fault !== undefined) {
    say(fault);
    process.exitCode = 1;
  }
}
