import { createServer, type AddressInfo } from "node:net";

/** The system may give a port again as soon as it is closed: in this process each is given once. */
const given = new Set<number>();

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A TCP port of the loopback interface that was free a moment ago, and is not another's who asked. */
export async function freePort(): Promise<number> {
  let port = await anyPort();
  while (given.has(port)) port = await anyPort();
  given.add(port);
  return port;
}
