import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket as Stream } from "node:net";
import { onTestFinished } from "vitest";
import { answerBytes, type AnswerRecord, pairBytes, questionName, TYPE_CODES, type ZoneRecord } from "./dns-wire.ts";

/** What the server does with a name: records to answer with, or a way to fail. */
export type DnsConduct =
  | readonly ZoneRecord[]
  | "NXDOMAIN"
  | "SERVFAIL"
  | "REFUSED"
  /** Says nothing at all. */
  | "silence"
  /** An answer with another id, and no other. */
  | "wrong-id"
  /** An answer to another question, and no other. */
  | "wrong-question"
  /** Bytes that are no message. */
  | "garbage";

export interface DnsQuery {
  /** As it was asked, capitals included. */
  readonly name: string;
  readonly type: string;
  readonly by: "udp" | "tcp";
  readonly id: number;
}

export interface DnsServer {
  /** Of UDP and TCP. */
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly address: string;
  /** By name in small letters; others are NXDOMAIN. May change while it serves. */
  readonly zone: Map<string, DnsConduct>;
  readonly asked: DnsQuery[];
  /** So many of the next datagrams are taken and not answered. */
  lose: number;
  stop(): void;
}

const CODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
/** Without EDNS a datagram holds no more (RFC 1035, 2.3.4). */
const DATAGRAM_BYTES = 512;
const HEADER_BYTES = 12;

const typeName = (code: number): string => Object.entries(TYPE_CODES).find(([, each]) => each === code)?.[0] ?? "";

/** The records of that type, and the aliases on the way to them. */
function found(zone: DnsServer["zone"], name: string, type: string): AnswerRecord[] {
  const conduct = zone.get(name.toLowerCase());
  if (typeof conduct !== "object") return [];
  const alias = conduct.find((record) => record.type === "CNAME");
  if (alias !== undefined) return [{ name, record: alias }, ...found(zone, alias.target, type)];
  return conduct.filter((record) => record.type === type).map((record) => ({ name, record }));
}

function answerTo(zone: DnsServer["zone"], query: Buffer, by: "udp" | "tcp"): Buffer | undefined {
  const id = query.readUInt16BE(0);
  const end = query.indexOf(0, HEADER_BYTES) + 5;
  const question = query.subarray(HEADER_BYTES, end);
  const name = questionName(question);
  const conduct = zone.get(name.toLowerCase()) ?? "NXDOMAIN";
  if (conduct === "silence") return undefined;
  if (conduct === "garbage") return Buffer.from([id >> 8, id & 0xff, 1, 2, 3]);
  if (conduct === "wrong-id") return answerBytes({ id: (id + 1) & 0xffff, question });
  if (conduct === "wrong-question") {
    const other = Buffer.from(question);
    other.writeUInt8((other[1] ?? 0) ^ 1, 1);
    return answerBytes({ id, question: other });
  }
  if (typeof conduct === "string") return answerBytes({ id, question, code: CODES[conduct] });
  const answers = found(zone, name, typeName(question.readUInt16BE(question.length - 4)));
  const whole = answerBytes({ id, question, answers });
  return by === "udp" && whole.length > DATAGRAM_BYTES ? answerBytes({ id, question, truncated: true }) : whole;
}

function noted(query: Buffer, by: "udp" | "tcp"): DnsQuery {
  const question = query.subarray(HEADER_BYTES);
  const type = question.readUInt16BE(question.indexOf(0) + 1);
  return { name: questionName(question), type: typeName(type), by, id: query.readUInt16BE(0) };
}

function serveStream(stream: Stream, server: DnsServer): void {
  let received = Buffer.alloc(0);
  stream.on("error", () => stream.destroy());
  stream.on("data", (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const query = received.subarray(2, 2 + received.readUInt16BE(0));
      received = received.subarray(2 + query.length);
      server.asked.push(noted(query, "tcp"));
      const answer = answerTo(server.zone, query, "tcp");
      if (answer !== undefined) stream.write(Buffer.concat([pairBytes(answer.length), answer]));
    }
  });
}

/** The same port for both; another one when TCP's is taken. */
async function bindBoth(): Promise<{ datagrams: Socket; streams: Server }> {
  for (;;) {
    const streams = createServer();
    streams.listen(0, "127.0.0.1");
    await once(streams, "listening");
    const datagrams = createSocket("udp4");
    datagrams.bind((streams.address() as AddressInfo).port, "127.0.0.1");
    const bound = await Promise.race([
      once(datagrams, "listening").then(() => true),
      once(datagrams, "error").then(() => false),
    ]);
    if (bound) return { datagrams, streams };
    streams.close();
  }
}

/** A DNS server of this process on 127.0.0.1, by UDP and TCP. */
export async function startDnsServer(zone: Readonly<Record<string, DnsConduct>> = {}): Promise<DnsServer> {
  const { datagrams, streams } = await bindBoth();
  const open = new Set<Stream>();
  const { port } = datagrams.address();
  const server: DnsServer = {
    port,
    address: `127.0.0.1:${String(port)}`,
    zone: new Map(Object.entries(zone)),
    asked: [],
    lose: 0,
    stop: () => {
      datagrams.close();
      streams.close();
      for (const stream of open) stream.destroy();
    },
  };
  datagrams.on("message", (query, from) => {
    server.asked.push(noted(query, "udp"));
    if (server.lose > 0) {
      server.lose -= 1;
      return;
    }
    const answer = answerTo(server.zone, query, "udp");
    if (answer !== undefined) datagrams.send(answer, from.port, from.address);
  });
  streams.on("connection", (stream) => {
    open.add(stream);
    stream.once("close", () => open.delete(stream));
    serveStream(stream, server);
  });
  return server;
}

/** One that is stopped when the test ends. */
export async function dnsServerForTest(zone: Readonly<Record<string, DnsConduct>> = {}): Promise<DnsServer> {
  const server = await startDnsServer(zone);
  onTestFinished(() => server.stop());
  return server;
}
