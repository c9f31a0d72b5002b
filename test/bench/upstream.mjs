/** The upstream behind every gateway: another nginx, not measured. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startServer } from "./process.mjs";

/** `/bench/fail` answers 500, everything else a small 200. */
const conf = (port) => `
worker_processes 1; daemon off; pid nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "ok\\n"; }
    location = /bench/fail { return 500 "failed\\n"; }
  }
}
`;

/** @param {string} nginx @returns {Promise<{ port: number, stop: () => Promise<void> }>} */
export async function startUpstream(nginx) {
  const prefix = mkdtempSync(join(tmpdir(), "autoscale-bench-upstream-"));
  const port = await freePort();
  writeFileSync(join(prefix, "nginx.conf"), conf(port));
  const server = await startServer(nginx, ["-p", prefix, "-c", "nginx.conf"], port);
  const stop = async () => {
    await server.stop();
    rmSync(prefix, { recursive: true, force: true });
  };
  return { port, stop };
}
