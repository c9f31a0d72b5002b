/** A breaker that does not break is not compared. */
import { statusOf } from "./client.mjs";
import { startServer } from "./process.mjs";

/** Above the minimum of calls that the variants' settings ask for. */
const FAILURES = 30;

/** @param {string} name @param {import("./gateway-folder.mjs").Gateway} gateway @returns {Promise<void>} */
export async function verifyTrips(name, gateway) {
  const server = await startServer(gateway.program, gateway.args("daemon off;"), gateway.port);
  try {
    if ((await statusOf(gateway.port, "/bench/item")) !== 200) throw new Error(`${name}: no answer from the upstream`);
    for (let call = 0; call < FAILURES; call++) await statusOf(gateway.port, "/bench/fail");
    const status = await statusOf(gateway.port, "/bench/item");
    if (status !== 503) throw new Error(`${name} did not trip after ${FAILURES} failures: ${status}`);
  } finally {
    await server.stop();
  }
}
