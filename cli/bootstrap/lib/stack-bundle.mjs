import { inRoot, root } from "./places.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/** What docker-compose.yml mounts into its gateway is below it. */
const OUT = "dist/stack";

/**
 * Builds the bundle of the local stack, by the command line in lib/.
 *
 * @returns {Promise<string | undefined>} why it failed, or undefined
 */
export async function buildStack() {
  const args = [inRoot("lib/cli/main.js"), "build", "nginx/stack/gateway.yaml", "--out", OUT];
  const built = await run(process.execPath, args, { cwd: root });
  if (!built.ok) return `building the local stack's gateway failed:\n${built.output.trim()}`;
  say(`Built ${OUT}/, the gateway of the local stack (docs/local-stack.md)`);
  return undefined;
}
