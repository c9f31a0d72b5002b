import { readdir, readFile } from "node:fs/promises";

/** One of Podman's monitor processes (`conmon`): of a container, or of a command run in one. */
export interface Monitor {
  readonly pid: number;
  readonly containerId: string;
}

/**
 * The monitors that a service with these settings started. They carry its `CONTAINERS_CONF` in their environment, and
 * those of commands live on for five minutes after all else is gone.
 *
 * @param settingsFile the value of `CONTAINERS_CONF`
 */
export async function monitorsOf(settingsFile: string): Promise<Monitor[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const monitors = await Promise.all(pids.map((pid) => readMonitor(Number(pid), settingsFile)));
  return monitors.filter((monitor) => monitor !== undefined);
}

async function readMonitor(pid: number, settingsFile: string): Promise<Monitor | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const words = (await read("cmdline")).split("\0");
  if (words[0]?.endsWith("conmon") !== true) return undefined;
  if (!(await read("environ")).split("\0").includes(`CONTAINERS_CONF=${settingsFile}`)) return undefined;
  return { pid, containerId: words[words.indexOf("-c") + 1] ?? "" };
}
