/** One question to one DNS server: by UDP, and by TCP when the answer does not fit (RFC 1035, 4.2; RFC 7766). */
import { decodeAnswer, type DnsQuestion, type DnsReading, encodeQuery } from "../../plugins/_core/dns-message.ts";
import { dialedHost } from "./dialed-host.ts";
import type { DnsServer } from "./dns-servers.ts";
import { milliseconds } from "./milliseconds.ts";

/** A datagram may be lost: the question is sent so many times, in equal parts of the time there is. */
const SENDS = 2;

function textOf(bytes: readonly number[]): string {
  const parts: string[] = [];
  for (const byte of bytes) {
    parts.push(string.char(byte));
  }
  return table.concat(parts);
}

function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const at of $range(1, text.length)) {
    bytes.push(string.byte(text, at));
  }
  return bytes;
}

/** Waits for the answer to this question: what else arrives may be late, or forged. */
function awaitAnswer(socket: NgxUdpSocket, question: DnsQuestion, until: number): DnsReading | string {
  for (;;) {
    const left = until - ngx.now();
    if (left <= 0) {
      return "timeout";
    }
    socket.settimeout(milliseconds(left));
    const [datagram, problem] = socket.receive();
    if (datagram === undefined) {
      return problem;
    }
    const reading = decodeAnswer(bytesOf(datagram), question);
    if (reading !== undefined) {
      return reading;
    }
  }
}

function askByUdp(server: DnsServer, question: DnsQuestion, query: string, seconds: number): DnsReading | string {
  const [socket, unmade] = ngx.socket.udp();
  if (socket === undefined) {
    return unmade;
  }
  const [named, problem] = socket.setpeername(dialedHost(server.host), server.port);
  if (named === undefined) {
    return problem;
  }
  let answer: DnsReading | string = "timeout";
  for (const _send of $range(1, SENDS)) {
    const [sent, unsent] = socket.send(query);
    answer = sent === undefined ? unsent : awaitAnswer(socket, question, ngx.now() + seconds / SENDS);
    if (answer !== "timeout") {
      break;
    }
  }
  socket.close();
  return answer;
}

function readMessage(socket: NgxTcpSocket, question: DnsQuestion): DnsReading | string {
  const [prefix, problem] = socket.receive(2);
  if (prefix === undefined) {
    return problem;
  }
  const [message, early] = socket.receive(string.byte(prefix, 1) * 256 + string.byte(prefix, 2));
  if (message === undefined) {
    return early;
  }
  return decodeAnswer(bytesOf(message), question) ?? "malformed answer";
}

function askByTcp(server: DnsServer, question: DnsQuestion, query: string, seconds: number): DnsReading | string {
  const [socket, unmade] = ngx.socket.tcp();
  if (socket === undefined) {
    return unmade;
  }
  socket.settimeout(milliseconds(seconds));
  const [connected, problem] = socket.connect(dialedHost(server.host), server.port, { pool: "autoscale dns" });
  if (connected === undefined) {
    return problem;
  }
  const high = math.floor(query.length / 256);
  const [sent, unsent] = socket.send(`${string.char(high, query.length - high * 256)}${query}`);
  const answer = sent === undefined ? unsent : readMessage(socket, question);
  socket.close();
  return answer;
}

/** What the server answers, or why it does not within `seconds` (twice that when it must be asked by TCP too). */
export function askServer(server: DnsServer, question: DnsQuestion, seconds: number): DnsReading | string {
  const bytes = encodeQuery(question);
  if (bytes === undefined) {
    return "not a name";
  }
  const query = textOf(bytes);
  const answer = askByUdp(server, question, query, seconds);
  return typeof answer !== "string" && answer.truncated ? askByTcp(server, question, query, seconds) : answer;
}
