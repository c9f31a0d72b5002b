import { createServer } from "node:net";
import { say } from "./say.mjs";

/**
 * A port for each name: the one wished for, or a free one when that is taken, which is then said.
 *
 * @param {Readonly<Record<string, number>>} wished
 * @returns {Promise<Record<string, number>>}
 */
export async function choosePorts(wished) {
  const chosen = {};
  for (const [name, port] of Object.entries(wished)) {
    chosen[name] = (await portIfFree(port)) ?? (await freePortBeside(Object.values(chosen)));
    if (chosen[name] !== port) say(`Port ${port} (${name}) is taken: using ${chosen[name]}`);
  }
  return chosen;
}

async function freePortBeside(taken) {
  const port = await portIfFree(0);
  return port !== undefined && !taken.includes(port) ? port : freePortBeside(taken);
}

/** On all addresses, since that is how the gateway listens. */
function portIfFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "0.0.0.0", () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}
