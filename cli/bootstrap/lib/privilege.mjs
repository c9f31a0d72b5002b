import { run } from "./run.mjs";

/** What to put before a command that needs root: nothing for root, `sudo -n` where it asks no password, else undefined. */
export async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = await run("sudo", ["-n", "true"], { timeoutSeconds: 10 });
  return sudo.ok ? ["sudo", "-n"] : undefined;
}
