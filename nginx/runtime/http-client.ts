/**
 * HTTP/1.1 over cosockets (RFC 9110, RFC 9112). Certificates are checked against `lua_ssl_trusted_certificate`.
 */
import type { Http, HttpAnswer, HttpRequest } from "../../plugins/_kit/ports.ts";
import { byteReader } from "./byte-reader.ts";
import { bodyPieces } from "./http-body.ts";
import type { Pieces } from "./http-chunks.ts";
import { closeConnection, type Connection, keepConnection, openConnection } from "./http-connection.ts";
import { connectionSays, type HttpHead, readHead } from "./http-head.ts";
import { asksToClose, requestText } from "./http-request-text.ts";
import { lineCutter } from "./line-cutter.ts";
import { inOwnTimer, type Watch } from "./own-timer.ts";
import { tcpConnect } from "./tcp-connect.ts";

/** So much is asked for at once; a socket's buffer (`lua_socket_buffer_size`) is smaller. */
const RECEIVE_BYTES = 65536;

/** They may be sent twice and yet do what they do once (RFC 9110, 9.2.2). */
const IDEMPOTENT: Readonly<Record<string, true | undefined>> = {
  GET: true,
  HEAD: true,
  OPTIONS: true,
  TRACE: true,
  PUT: true,
  DELETE: true,
};

/** What becomes of a body: `body` of the answer, and what is wrong. */
interface Consumed {
  readonly body: string;
  readonly problem: string | undefined;
}

type Consume = (this: void, pieces: Pieces, status: number) => Consumed;

function noAnswer(problem: string): HttpAnswer {
  return { status: 0, problem, headers: {}, body: "" };
}

function collect(pieces: Pieces, maxBytes: number): Consumed {
  const parts: string[] = [];
  let bytes = 0;
  let piece = pieces.next();
  while (piece !== undefined) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      return { body: "", problem: `an answer of more than ${string.format("%d", maxBytes)} bytes` };
    }
    parts.push(piece);
    piece = pieces.next();
  }
  return { body: table.concat(parts), problem: pieces.problem() };
}

function cutLines(pieces: Pieces, maxBytes: number, onLine: (line: string) => boolean): Consumed {
  const cutter = lineCutter(maxBytes, onLine);
  let piece = pieces.next();
  while (piece !== undefined) {
    if (!cutter.feed(piece)) {
      return { body: "", problem: cutter.problem() };
    }
    piece = pieces.next();
  }
  if (pieces.problem() === undefined) {
    cutter.finish();
  }
  return { body: "", problem: pieces.problem() };
}

function mayBeKept(request: HttpRequest, head: HttpHead, pieces: Pieces, unread: string): boolean {
  const isAgreed = head.minor > 0 && !connectionSays(head, "close") && !asksToClose(request);
  return isAgreed && pieces.isWhole() && unread === "";
}

/** Sends and reads on one connection. @returns undefined when the server had closed it before: nothing was lost but time */
function converse(at: Connection, request: HttpRequest, text: string, consume: Consume): HttpAnswer | undefined {
  const { socket, isReused } = at;
  const [sent, unsent] = socket.send(text);
  if (sent === undefined) {
    closeConnection(at);
    return isReused && unsent !== "timeout" ? undefined : noAnswer(unsent);
  }
  const reader = byteReader(() => {
    const [bytes, problem] = socket.receiveany(RECEIVE_BYTES);
    return $multi(bytes, problem);
  });
  const head = readHead(reader);
  if (typeof head === "string") {
    closeConnection(at);
    return isReused && !reader.hasReceived() && head !== "timeout" ? undefined : noAnswer(head);
  }
  const pieces = bodyPieces(reader, head, request.method);
  const [ok, consumed] = pcall(consume, pieces, head.status);
  if (!ok) {
    closeConnection(at);
    error(tostring(consumed), 0);
  }
  if (mayBeKept(request, head, pieces, reader.rest())) {
    keepConnection(at);
  } else {
    closeConnection(at);
  }
  const { status, headers } = head;
  const { body, problem } = consumed;
  return problem === undefined ? { status, headers, body } : { status, headers, body, problem };
}

function exchange(request: HttpRequest, text: string, consume: Consume, watch: Watch): HttpAnswer {
  // A request that must not be sent twice gets no connection that may be closed already.
  let mustBeNew = IDEMPOTENT[request.method] === undefined;
  for (;;) {
    const connection = openConnection(request, mustBeNew, watch);
    if (typeof connection === "string") {
      return noAnswer(connection);
    }
    const answer = converse(connection, request, text, consume);
    if (answer !== undefined) {
      return answer;
    }
    mustBeNew = true;
  }
}

function perform(request: HttpRequest, consume: Consume): HttpAnswer {
  const [text, flaw] = requestText(request);
  if (text === undefined) {
    return noAnswer(flaw ?? "the request is none");
  }
  let answer: HttpAnswer | undefined;
  const problem = inOwnTimer((watch) => {
    answer = exchange(request, text, consume, watch);
  });
  return answer ?? noAnswer(problem ?? "no answer");
}

export const httpClient: Http = {
  request: (request) => perform(request, (pieces) => collect(pieces, request.maxBytes)),
  stream: (request, onLine) =>
    perform(request, (pieces, status) =>
      status === 200 ? cutLines(pieces, request.maxBytes, onLine) : collect(pieces, request.maxBytes),
    ),
  connect: tcpConnect,
};
