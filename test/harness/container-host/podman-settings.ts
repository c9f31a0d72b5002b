import { execFileSync } from "node:child_process";

/**
 * Podman's settings for our service alone, named by `CONTAINERS_CONF`; the machine's own stay as they are.
 *
 * netavark: the other network backend leaves a bridge whose route shadows this one's. runc where it is there: crun
 * refuses hybrid cgroups. Limits are given because Podman's own may be above what this machine allows. cgroupfs and
 * the events file: no systemd is needed.
 */
export function podmanSettings(): string {
  const openFiles = shell("ulimit -Hn");
  const limit = /^\d+$/.test(openFiles) ? openFiles : "65536";
  const runtime = shell("command -v runc || true") === "" ? "" : 'runtime = "runc"\n';
  return `[containers]
default_ulimits = ["nofile=${limit}:${limit}", "nproc=4096:4096"]
[engine]
${runtime}cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
`;
}

function shell(script: string): string {
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).trim();
}
