import { createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface RawServer {
  readonly port: number;
  /** The heads of all requests, in order. */
  readonly heads: string[];
  /** How many connections were ever made, and how many are open now. */
  made(): number;
  open(): number;
}

/**
 * A server on the loopback interface that answers with whatever bytes a test wants to see read.
 * @param onRequest called when the head of a request has come; `count` is which one it is on its connection, from 1
 * @param onConnection called for each connection
 */
export async function rawServerForTest(
  onRequest: (connection: Socket, count: number) => void,
  onConnection: (connection: Socket) => void = () => undefined,
): Promise<RawServer> {
  const connections = new Set<Socket>();
  const heads: string[] = [];
  let made = 0;
  const server = createServer((connection) => {
    made += 1;
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
    connection.on("error", () => connection.destroy());
    let received = "";
    let count = 0;
    connection.on("data", (bytes: Buffer) => {
      received += bytes.toString("latin1");
      for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        heads.push(received.slice(0, end));
        received = received.slice(end + 4);
        count += 1;
        onRequest(connection, count);
      }
    });
    onConnection(connection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const connection of connections) connection.destroy();
  });
  return {
    port: (server.address() as AddressInfo).port,
    heads,
    made: () => made,
    open: () => connections.size,
  };
}
