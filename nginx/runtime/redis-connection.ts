/** Connections to a Redis: opened, logged in and pooled, or closed. */
import { commandText } from "../../plugins/_core/resp/resp-command.ts";
import { readAnswers } from "../../plugins/_core/resp/resp-answers.ts";
import type { RespReply } from "../../plugins/_core/resp/resp-reply.ts";
import { ipAddress } from "../../plugins/_core/ip-address.ts";
import type { RedisOptions } from "../../plugins/_kit/ports.ts";
import { milliseconds } from "./milliseconds.ts";
import type { ServerAddress } from "./redis-address.ts";

/** Idle connections kept for each Redis, in each worker: as many as requests ask at once on a busy one. */
const POOL_SIZE = 64;
const IDLE_SECONDS = 60;

/** A server as this worker knows it. */
export interface RedisServer {
  readonly options: RedisOptions;
  readonly address: ServerAddress;
  /** Tells pools apart: no other server's user, database or TLS. */
  readonly pool: string;
  /** What a new connection begins with, and how many answers that has. */
  readonly greeting: string;
  readonly greetingAnswers: number;
  /** The last one that was met: another one after a restart. */
  runId: string | undefined;
}

export interface RedisConnection {
  readonly socket: NgxTcpSocket;
  /** It comes from the pool: the server may have closed it a moment ago. */
  readonly isReused: boolean;
}

/** Of the cosocket's next step. False when there is no time left. */
function allow(socket: NgxTcpSocket, deadline: number): boolean {
  const left = deadline - ngx.now();
  const time = milliseconds(left);
  socket.settimeouts(time, time, time);
  return left > 0;
}

/**
 * Sends, and reads the answers to `count` commands.
 * @returns the answers, or a problem: "timeout", "closed", "malformed answer", …; second: whether anything came
 */
export function converse(
  socket: NgxTcpSocket,
  text: string,
  count: number,
  deadline: number,
  maxBytes: number,
): LuaMultiReturn<[readonly RespReply[] | string, boolean]> {
  allow(socket, deadline);
  const [sent, unsent] = socket.send(text);
  if (sent === undefined) {
    return $multi(unsent, false);
  }
  let received = "";
  while (allow(socket, deadline)) {
    const [bytes, problem] = socket.receiveany(maxBytes + 1);
    if (bytes === undefined) {
      return $multi(problem, received !== "");
    }
    received += bytes;
    if (received.length > maxBytes) {
      return $multi(`an answer of more than ${string.format("%d", maxBytes)} bytes`, true);
    }
    const { state, replies } = readAnswers(received, count);
    if (state !== "short") {
      return $multi(state === "whole" ? replies : "malformed answer", true);
    }
  }
  return $multi("timeout", received !== "");
}

/** The first word only: servers repeat what they do not understand, passwords included. */
function codeOf(text: string): string {
  const [code] = string.match(text, "^%u+");
  return code ?? "an error";
}

/** Logs in, chooses the database and asks who answers. @returns why not, or undefined */
function greet(server: RedisServer, socket: NgxTcpSocket, deadline: number): string | undefined {
  const [replies] = converse(socket, server.greeting, server.greetingAnswers, deadline, server.options.maxBytes);
  if (typeof replies === "string") {
    return replies;
  }
  const { password, database } = server.options;
  const login = password === undefined ? undefined : replies[0];
  if (login !== undefined && login.kind === "error") {
    return `AUTH was refused: ${codeOf(login.text)}`;
  }
  const chosen = database === 0 ? undefined : replies[server.greetingAnswers - 2];
  if (chosen !== undefined && chosen.kind === "error") {
    return `SELECT was refused: ${codeOf(chosen.text)}`;
  }
  const about = replies[server.greetingAnswers - 1];
  if (about !== undefined && about.kind === "text") {
    const [runId] = string.match(about.text, "run_id:(%x+)");
    server.runId = runId;
  }
  return undefined;
}

function secure(socket: NgxTcpSocket, { host, tls }: RedisOptions): string | undefined {
  if (tls === undefined) {
    return undefined;
  }
  // An address is no name for SNI: it is given only where it must be checked.
  const name = tls.verify || ipAddress(host) === undefined ? host : undefined;
  const [done, refusal] = socket.sslhandshake(false, name, tls.verify);
  if (done === undefined) {
    return `TLS: ${refusal}`;
  }
  // ngx_lua 0.10.23 tells a handshake that refused the certificate at once as done, and has closed the connection.
  const [times] = socket.getreusedtimes();
  return times === undefined ? "TLS: the certificate was refused" : undefined;
}

/** What a new connection begins with. */
export function greetingOf({ user, password, database }: RedisOptions): LuaMultiReturn<[string, number]> {
  let text = "";
  let answers = 1;
  if (password !== undefined) {
    text += commandText(user === undefined ? ["AUTH", password] : ["AUTH", user, password]);
    answers += 1;
  }
  if (database !== 0) {
    text += commandText(["SELECT", string.format("%d", database)]);
    answers += 1;
  }
  return $multi(text + commandText(["INFO", "server"]), answers);
}

/** A connection that may be used at once, or why there is none by `deadline`. */
export function openRedis(server: RedisServer, deadline: number): RedisConnection | string {
  const [address, unknown] = server.address.get(deadline);
  if (address === undefined) {
    return unknown ?? "no address";
  }
  const [socket, problem] = ngx.socket.tcp();
  if (socket === undefined) {
    return problem;
  }
  allow(socket, deadline);
  const options = { pool: `${server.pool} ${address}`, pool_size: POOL_SIZE };
  const [connected, refusal] = socket.connect(address, server.options.port, options);
  if (connected === undefined) {
    server.address.doubt();
    return refusal;
  }
  const [times] = socket.getreusedtimes();
  if (times !== undefined && times > 0) {
    return { socket, isReused: true };
  }
  allow(socket, deadline);
  const flaw = secure(socket, server.options) ?? greet(server, socket, deadline);
  if (flaw !== undefined) {
    socket.close();
    return flaw;
  }
  return { socket, isReused: false };
}

/** Only for a connection whose answers were all read. */
export function keepRedis(socket: NgxTcpSocket): void {
  const [kept] = socket.setkeepalive(IDLE_SECONDS * 1000);
  if (kept === undefined) {
    socket.close();
  }
}
