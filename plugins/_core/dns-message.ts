/** DNS messages (RFC 1035, 4): a question as bytes, and what an answer to it says. */
import { isBroken, nextPair, startCursor } from "./byte-cursor.ts";
import { nameBytes, readName } from "./dns-name.ts";
import { codeOf, type DnsData, readEntries, recordsOf, type RecordType } from "./dns-records.ts";
import { integerText } from "./text.ts";

interface DnsQuestion {
  /** 0 to 65535. */
  readonly id: number;
  /** As `plainName` makes it. */
  readonly name: string;
  readonly type: RecordType;
}

interface DnsReading {
  /** Too long for a datagram: ask again by TCP. */
  readonly truncated: boolean;
  /** "NXDOMAIN", "SERVFAIL", … */
  readonly problem: string | undefined;
  readonly records: readonly DnsData[];
}

const INTERNET = 1;
/** Flags: this asks, and the server may ask others (RFC 1035, 4.1.1). */
const RECURSION_DESIRED = 256;
const TRUNCATED = 512;
/** The upper five of the sixteen: an answer, to an ordinary question. */
const UPPER = 2048;
const PLAIN_ANSWER = 16;

/** RFC 1035, 4.1.1. */
const CODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

/** The bit of `flags` that stands for `weight`. */
function hasBit(flags: number, weight: number): boolean {
  const above = Math.floor(flags / weight);
  return above - 2 * Math.floor(above / 2) === 1;
}

function pushPair(bytes: number[], value: number): void {
  const high = Math.floor(value / 256);
  bytes.push(high);
  bytes.push(value - high * 256);
}

/**
 * Without EDNS, which some servers and boxes between do not know: what does not fit into 512 bytes is asked for by TCP.
 * @returns undefined when the name is none
 */
function encodeQuery(question: DnsQuestion): number[] | undefined {
  const name = nameBytes(question.name);
  if (name === undefined) {
    return undefined;
  }
  const bytes: number[] = [];
  pushPair(bytes, question.id);
  pushPair(bytes, RECURSION_DESIRED);
  pushPair(bytes, 1);
  for (let section = 0; section < 3; section++) {
    pushPair(bytes, 0);
  }
  for (const byte of name) {
    bytes.push(byte);
  }
  pushPair(bytes, codeOf(question.type));
  pushPair(bytes, INTERNET);
  return bytes;
}

function failing(problem: string): DnsReading {
  return { truncated: false, problem, records: [] };
}

/** Never throws, whatever the bytes. @returns undefined for what is no answer to this question: wait for another */
function decodeAnswer(bytes: readonly number[], question: DnsQuestion): DnsReading | undefined {
  const cursor = startCursor(bytes);
  const id = nextPair(cursor);
  const flags = nextPair(cursor);
  const questions = nextPair(cursor);
  const answers = nextPair(cursor);
  cursor.at += 4;
  if (id !== question.id || Math.floor(flags / UPPER) !== PLAIN_ANSWER || questions !== 1) {
    return undefined;
  }
  const name = readName(cursor);
  const type = nextPair(cursor);
  const kind = nextPair(cursor);
  if (isBroken(cursor) || name !== question.name || type !== codeOf(question.type) || kind !== INTERNET) {
    return undefined;
  }
  const code = flags - 16 * Math.floor(flags / 16);
  if (code !== 0) {
    return failing(CODES[code] ?? `RCODE ${integerText(code)}`);
  }
  if (hasBit(flags, TRUNCATED)) {
    return { truncated: true, problem: undefined, records: [] };
  }
  const entries = readEntries(cursor, answers);
  if (isBroken(cursor)) {
    return failing("malformed answer");
  }
  const records = recordsOf(entries, question.name, question.type);
  return records === undefined
    ? failing("aliases go round in a circle")
    : { truncated: false, problem: undefined, records };
}

export { decodeAnswer, encodeQuery };
export type { DnsQuestion, DnsReading };
