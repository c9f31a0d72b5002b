/** A gateway of the bench lies in a temporary folder of its own. */
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @typedef {object} Gateway a gateway ready to be started
 * @property {string} program @property {number} port on loopback
 * @property {(directives: string) => readonly string[]} args with main directives to add, such as `daemon off;`
 * @property {string} folder the temporary folder it lies in, to be removed at the end
 * @property {string} prefix nginx's @property {string} conf its nginx.conf
 *
 * @typedef {{ engine: import("./tools.mjs").Engine, port: number, upstreamPort: number, peersPort: number }} Place
 */

/** @param {string} name */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `autoscale-bench-${name}-`));
  chmodSync(folder, 0o755); // workers run as another user when the master is root
  return folder;
}

/** @param {Place} place @param {string} folder @param {{ prefix: string, conf: string }} at @returns {Gateway} */
export function gatewayIn({ engine, port }, folder, { prefix, conf }) {
  const args = (directives) => ["-p", prefix, "-c", conf, "-g", `${engine.preamble}${directives}`];
  return { program: engine.nginx, port, args, folder, prefix, conf: join(prefix, conf) };
}
