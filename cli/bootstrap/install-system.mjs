// Installs the system packages that a lane or `npm start` needs, and only those: `node cli/bootstrap/install-system.mjs engine luajit promtool redis browser containers`.
import { pathToFileURL } from "node:url";
import { aptInstall } from "./lib/apt.mjs";
import { hasDockerEngine, hasEngine, hasProgram } from "./lib/machine.mjs";
import { say } from "./lib/say.mjs";

/** What each part needs, how to tell that it is there, and Debian's packages that bring it. */
const PARTS = {
  engine: {
    present: hasEngine,
    // lua-resty-core is a dependency of Debian's Lua module; named, since nginx does not start without it.
    packages: ["nginx-light", "libnginx-mod-http-lua", "lua-resty-core", "lua-resty-lrucache", "lua-cjson"],
    purpose: "an engine (nginx with the Lua module)",
  },
  luajit: {
    present: () => hasProgram("luajit"),
    // The nginx module links the library of `luajit2`, which cannot be installed beside that of `luajit`.
    packages: [["luajit2", "luajit"]],
    purpose: "the lua lane (LuaJIT)",
  },
  promtool: {
    present: () => hasProgram("promtool"),
    packages: ["prometheus"],
    purpose: "the engine lane (promtool, which checks metrics)",
  },
  redis: {
    present: () => hasProgram("redis-server"),
    packages: ["redis-server"],
    purpose: "the unit and engine lanes (Redis, by which gateways share limits)",
  },
  browser: {
    present: async () => (await hasProgram("chromium")) || (await hasProgram("google-chrome")),
    // Without a font every letter is a box.
    packages: ["chromium", "fonts-dejavu-core"],
    purpose: "the browser lane (Chromium, for the status page)",
  },
  containers: {
    present: async () =>
      (await hasDockerEngine()) || ((await hasProgram("podman")) && (await hasProgram("mmdebstrap"))),
    packages: ["podman", "runc", "netavark", "aardvark-dns", "iptables", "mmdebstrap"],
    purpose: "the containers lane (Podman, and mmdebstrap to make an image without a registry)",
  },
};

/**
 * Sees to one part. Does nothing when it is there; otherwise installs it, saying what.
 *
 * @param {"engine" | "luajit" | "promtool" | "redis" | "browser" | "containers"} part
 * @returns {Promise<string | undefined>} why it is not there, or undefined
 */
export async function ensureSystem(part) {
  const { present, packages, purpose } = PARTS[part];
  if (await present()) return undefined;
  const fault = await aptInstall(packages, purpose);
  if (fault !== undefined) return fault;
  return (await present()) ? undefined : `installed ${packages.flat().join(" ")}, and it still does not work`;
}

/** Debian's packages of one part. */
export function packagesOf(part) {
  return PARTS[part].packages.map((entry) => [entry].flat()[0]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const parts = process.argv.slice(2);
  const unknown = parts.filter((part) => !(part in PARTS));
  if (parts.length === 0 || unknown.length > 0) {
    say(`usage: install-system.mjs ${Object.keys(PARTS).join("|")} ...`);
    process.exit(2);
  }
  for (const part of parts) {
    const fault = await ensureSystem(part);
    say(`${part}: ${fault ?? "ready"}`);
    if (fault !== undefined) process.exitCode = 1;
  }
}
