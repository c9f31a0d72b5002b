/** Sees the hand-written breaker trip, half-open, reopen and close on a real nginx: a toy would be no measure. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { statusOf } from "../client.mjs";
import { startServer } from "../process.mjs";
import { handWritten } from "../variants.mjs";

const OPTIONS = { minimum_calls: 4, open_seconds: 1, open_multiplier: 1, open_jitter: 0, half_open_calls: 2 };

/** @param {import("../gateway-folder.mjs").Place} place @returns {Promise<void>} rejects with what went otherwise */
export async function verifyHandWritten(place) {
  const gateway = handWritten(place, OPTIONS);
  const server = await startServer(gateway.program, gateway.args("daemon off;"), gateway.port);
  const ask = async (path, expected, when) => {
    const status = await statusOf(gateway.port, path);
    if (status !== expected) throw new Error(`hand-written breaker, ${when}: ${status}, expected ${expected}`);
  };
  try {
    await ask("/bench/item", 200, "closed");
    for (let call = 0; call < 3; call++) await ask("/bench/fail", 500, "failing");
    await ask("/bench/item", 503, "open");
    await sleep(1100);
    await ask("/bench/fail", 500, "half-open");
    await ask("/bench/item", 503, "reopened by a failed call");
    await sleep(1100);
    for (let call = 0; call < 2; call++) await ask("/bench/item", 200, "half-open again");
    for (let call = 0; call < 5; call++) await ask("/bench/item", 200, "closed again");
    await ask("/bench/fail", 500, "closed, a failure");
    await ask("/bench/item", 200, "closed, below the failure rate");
  } finally {
    await server.stop();
    rmSync(gateway.folder, { recursive: true, force: true });
  }
}
