import { readFile } from "node:fs/promises";

const ESTABLISHED = "01";

/** How many connections a server's port has, as Linux tells them. */
export async function openConnections(serverPort: number): Promise<number> {
  const hexPort = serverPort.toString(16).toUpperCase().padStart(4, "0");
  const rows = (await readFile("/proc/net/tcp", "utf8")).split("\n").map((row) => row.trim().split(/\s+/));
  return rows.filter(([, local, , state]) => local?.endsWith(`:${hexPort}`) === true && state === ESTABLISHED).length;
}
