// `npm start`: installs what is missing, builds, and serves examples/quickstart with two demo backends.
import { randomBytes } from "node:crypto";
import { startDemoBackend } from "../../nginx/stack/demo-backend.mjs";
import { ensureBuilt } from "./build.mjs";
import { ensureEngine } from "./lib/ensure-engine.mjs";
import { ensureNpmPackages } from "./lib/npm-packages.mjs";
import { choosePorts } from "./lib/ports.mjs";
import { quickstartText } from "./lib/quickstart-text.mjs";
import { say } from "./lib/say.mjs";
import { serve } from "./lib/serve.mjs";

/** Served from `dist/quickstart-<port>`: a second one beside it has a port, and so a bundle, of its own. */
const GATEWAY = "examples/quickstart/gateway.yaml";

async function main() {
  const fault = (await ensureNpmPackages()) ?? (await ensureBuilt());
  if (fault !== undefined) return fail(fault);
  const engine = await ensureEngine();
  if (engine.fault !== undefined) return fail(engine.fault);

  const ports = await choosePorts({ gateway: 8080, admin: 9180, users: 9001, orders: 9002 });
  const token = process.env.ADMIN_TOKEN || randomBytes(4).toString("hex");
  const backends = await Promise.all(["users", "orders"].map((name) => startDemoBackend({ name, port: ports[name] })));
  const code = await serve({
    args: ["run", GATEWAY, "--out", `dist/quickstart-${ports.gateway}`, "--engine", engine.kind],
    env: {
      ...process.env,
      PORT: String(ports.gateway),
      ADMIN_PORT: String(ports.admin),
      ADMIN_TOKEN: token,
      USERS_PORT: String(ports.users),
      ORDERS_PORT: String(ports.orders),
    },
    port: ports.gateway,
    onReady: () => say(quickstartText(ports, token)),
  });
  await Promise.all(backends.map((backend) => backend.close()));
  return code;
}

function fail(text) {
  say(text);
  return 1;
}

process.exitCode = await main();
