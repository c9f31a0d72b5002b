import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";

/** A request as it arrived at a backend. */
export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a backend does with a request. */
export type Respond = (arrived: Arrived, response: ServerResponse) => void | Promise<void>;

export interface Backend {
  readonly port: number;
  /** `127.0.0.1:port`, as targets are written. */
  readonly target: string;
  /** Everything that arrived, in order. */
  readonly arrived: Arrived[];
  /** How many connections were ever opened to it. */
  connections(): number;
  respond: Respond;
  stop(): Promise<void>;
}

export interface BackendOptions {
  readonly respond?: Respond;
  /** 0: one that is free. */
  readonly port?: number;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Takes over connections that ask for another protocol. */
  readonly onUpgrade?: (socket: Duplex, key: string) => void;
}

/** Answers with a status, and a body that names it. */
export function answering(status: number, headers: Record<string, string> = {}): Respond {
  return (_arrived, response) => {
    response.writeHead(status, headers).end(`status ${String(status)}\n`);
  };
}

/** Requests wait until the gate is opened; `respond` answers them then. */
export function gate(respond: Respond = answering(200)): { readonly respond: Respond; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    respond: async (arrived, response) => {
      await opened;
      await respond(arrived, response);
    },
    open,
  };
}

/** A server of this process on the loopback interface. It answers 200 unless told otherwise. */
export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  let connections = 0;
  const sockets = new Set<Duplex>();
  const arrived: Arrived[] = [];
  const listener: RequestListener = (request, response) => {
    const take = async (): Promise<void> => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: await text(request) };
      arrived.push(one);
      await backend.respond(one, response);
    };
    // The client left: there is nobody to answer.
    take().catch(() => response.destroy());
  };
  const server: Server =
    options.tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: options.tls.certificate, key: options.tls.key }, listener);
  server.keepAliveTimeout = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  server.on("upgrade", (request, socket) => {
    options.onUpgrade?.(socket, request.headers["sec-websocket-key"] ?? "");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const backend: Backend = {
    port,
    target: `127.0.0.1:${String(port)}`,
    arrived,
    connections: () => connections,
    respond: options.respond ?? answering(200),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return backend;
}
