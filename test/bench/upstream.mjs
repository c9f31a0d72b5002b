/** The upstream behind every gateway: another nginx, not measured. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startServer } from "./process.mjs";

/**
 * `/bench/fail` answers 500, everything else a small 200. On `peersPort` it is thousands of peers: one on each address of
 * 127.0.0.0/8, all of which are this machine.
 */
const conf = (port, peersPort) => `
worker_processes 1; daemon off; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "ok\\n"; }
    location = /bench/fail { return 500 "failed\\n"; }
  }
  server {
    listen ${peersPort};
    location / { return 200 "ok\\n"; }
  }
}
`;

/** @param {string} nginx @returns {Promise<{ port: number, peersPort: number, stop: () => Promise<void> }>} */
export async function startUpstream(nginx) {
  const prefix = mkdtempSync(join(tmpdir(), "autoscale-bench-upstream-"));
  const [port, peersPort] = [await freePort(), await freePort()];
  writeFileSync(join(prefix, "nginx.conf"), conf(port, peersPort));
  const server = await startServer(nginx, ["-p", prefix, "-c", "nginx.conf"], port);
  const stop = async () => {
    await server.stop();
    rmSync(prefix, { recursive: true, force: true });
  };
  return { port, peersPort, stop };
}
