import { run } from "./run.mjs";
import { rootPrefix } from "./privilege.mjs";
import { say } from "./say.mjs";

/** `--no-install-recommends`, so that nothing comes along that was not named. */
const INSTALL = ["apt-get", "install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];

/** The one line that installs these packages by hand. */
export function installLine(packages) {
  return `sudo apt-get install --no-install-recommends ${packages.join(" ")}`;
}

/**
 * Installs Debian packages, saying which before it does. Starts no service: see `WITHOUT_SERVICES`.
 *
 * @param {readonly (string | readonly string[])[]} wanted a list in it names alternatives: the first that exists is taken
 * @param {string} purpose what they are for
 * @returns {Promise<string | undefined>} why it could not be done, or undefined
 */
export async function aptInstall(wanted, purpose) {
  const names = wanted.map((entry) => (Array.isArray(entry) ? entry[0] : entry));
  const apt = await run("apt-get", ["--version"]);
  if (!apt.ok) return "this machine has no apt-get; " + `needed: ${names.join(" ")}`;
  const prefix = await rootPrefix();
  if (prefix === undefined) return `needs root. Run: ${installLine(names)}`;

  await run(...command([...prefix, "apt-get", "update", "-o", "DPkg::Lock::Timeout=300"]), { timeoutSeconds: 180 });
  const packages = [];
  for (const entry of wanted) {
    const name = await firstAvailable(Array.isArray(entry) ? entry : [entry]);
    if (name === undefined) return `the package archive has no ${[entry].flat().join(" nor ")}`;
    packages.push(name);
  }
  const missing = [];
  for (const name of packages) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return undefined;

  say(`Installing for ${purpose}: ${missing.join(" ")} (Debian packages, by apt-get)`);
  const install = [...prefix, "sh", "-c", WITHOUT_SERVICES, "sh", ...INSTALL, ...missing];
  const result = await run(...command(install), { timeoutSeconds: 600 });
  return result.ok ? undefined : `apt-get failed:\n${result.output.trim().split("\n").slice(-15).join("\n")}`;
}

/**
 * Runs the rest of the command line while `policy-rc.d` keeps packages from starting services (nginx would take port
 * 80). One that is already there is left alone; ours is removed however this ends.
 */
const WITHOUT_SERVICES = `
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
"$@"
`;

async function firstAvailable(names) {
  for (const name of names) {
    const policy = await run("apt-cache", ["policy", name]);
    if (/Candidate: (?!\(none\))\S/.test(policy.output)) return name;
  }
  return undefined;
}

async function isInstalled(name) {
  const query = await run("dpkg-query", ["--show", "--showformat=${Status}", name]);
  return query.ok && query.output.startsWith("install ok installed");
}

function command([file, ...args]) {
  return [file, args];
}
