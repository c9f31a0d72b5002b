/** Connections of the HTTP client: opened or taken from the pool, and given back or closed. */
import { ipAddress } from "../../plugins/_core/ip-address.ts";
import type { HttpRequest } from "../../plugins/_kit/ports.ts";
import { connectSocket } from "./connect-socket.ts";
import { milliseconds } from "./milliseconds.ts";
import type { Watch } from "./own-timer.ts";

/** Idle connections kept for each server, in each worker. */
const POOL_SIZE = 4;
const IDLE_SECONDS = 60;

export interface Connection {
  readonly socket: NgxTcpSocket;
  /** It comes from the pool: the server may have closed it a moment ago. */
  readonly isReused: boolean;
}

/** For SNI, and to check the certificate against. An address is no name: it is given only where it must be checked. */
function nameForTls({ host, tls }: HttpRequest): string | undefined {
  const isNeeded = tls === undefined || tls.verify || ipAddress(host) === undefined;
  return tls?.serverName ?? (isNeeded ? host : undefined);
}

/** Connections whose TLS is set up in another way are another pool's: they may have been verified, or not. */
function poolOf(request: HttpRequest): string {
  const { scheme, host, port, tls } = request;
  const place = `autoscale ${scheme} ${host} ${string.format("%d", port)}`;
  if (scheme === "http") {
    return place;
  }
  const isVerified = tls === undefined || tls.verify;
  return `${place} ${isVerified ? "verified" : "unverified"} ${nameForTls(request) ?? ""}`;
}

/** Undefined when TLS stands on the connection. */
function refusalOf(socket: NgxTcpSocket, request: HttpRequest): string | undefined {
  const { tls } = request;
  const [done, refusal] = socket.sslhandshake(false, nameForTls(request), tls === undefined || tls.verify);
  if (done === undefined) {
    return refusal;
  }
  // A handshake that was over at once is told as done by ngx_lua 0.10.23 though it refused the certificate, and closed the
  // connection.
  const [times] = socket.getreusedtimes();
  return times === undefined ? "the certificate was refused" : undefined;
}

function dial(socket: NgxTcpSocket, request: HttpRequest): Connection | string {
  const { host, port, scheme } = request;
  const options = { pool: poolOf(request), pool_size: POOL_SIZE };
  const problem = connectSocket(socket, host, port, options, request.connectSeconds);
  if (problem !== undefined) {
    return problem;
  }
  const [times] = socket.getreusedtimes();
  const isReused = times !== undefined && times > 0;
  const refusal = scheme === "https" && !isReused ? refusalOf(socket, request) : undefined;
  if (refusal !== undefined) {
    socket.close();
    return `TLS: ${refusal}`;
  }
  return { socket, isReused };
}

/**
 * The connection, or why there is none. Looking a name up, connecting and TLS together take `connectSeconds` at most.
 * @param mustBeNew none from the pool
 */
export function openConnection(request: HttpRequest, mustBeNew: boolean, watch: Watch): Connection | string {
  watch.deadline = ngx.now() + request.connectSeconds;
  for (const _reusable of $range(0, POOL_SIZE)) {
    const [socket, problem] = ngx.socket.tcp();
    if (socket === undefined) {
      return problem;
    }
    const readTime = milliseconds(request.readSeconds);
    socket.settimeouts(milliseconds(request.connectSeconds), readTime, readTime);
    const connection = dial(socket, request);
    if (typeof connection === "string" || !mustBeNew || !connection.isReused) {
      watch.deadline = undefined;
      return connection;
    }
    socket.close();
  }
  return "no new connection can be had";
}

export function keepConnection({ socket }: Connection): void {
  socket.setkeepalive(IDLE_SECONDS * 1000);
}

export function closeConnection({ socket }: Connection): void {
  socket.close();
}
