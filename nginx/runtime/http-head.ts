/** The head of an HTTP/1.1 answer (RFC 9112, 4 and 5): what is not exactly one is refused. */
import type { ByteReader } from "./byte-reader.ts";

/** All heads of one answer together. */
const MOST_BYTES = 65536;
const MOST_FIELDS = 200;
/** Answers of status 1xx that may come before the one that counts. */
const MOST_INTERIM = 10;

/** RFC 9110, 5.6.2, as a Lua pattern. */
const FIELD = "^([%w!#$%%&'*+%-.^_`|~]+):[ \t]*(.-)[ \t]*$";

export interface HttpHead {
  readonly status: number;
  /** 0 or 1, of HTTP/1.x. */
  readonly minor: number;
  /** By names in small letters; the last one when repeated. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** All that `transfer-encoding` said, in small letters. */
  readonly coding: string;
}

interface Budget {
  bytes: number;
}

function malformed(what: string): string {
  return `malformed answer: ${what}`;
}

function nextLine(reader: ByteReader, budget: Budget): string | undefined {
  const line = reader.line(budget.bytes);
  if (line !== undefined) {
    budget.bytes -= line.length + 1;
  }
  return line;
}

/** A zero byte or a carriage return has no place in a value (RFC 9110, 5.5). */
function isBroken(value: string): boolean {
  const [bad] = string.match(value, "[%z\r]");
  return bad !== undefined;
}

/** Into `fields`; undefined when it was taken, else what is wrong with it. */
function takeField(line: string, fields: Record<string, string | undefined>, codings: string[]): string | undefined {
  const [written, value] = string.match(line, FIELD);
  if (written === undefined || value === undefined || isBroken(value)) {
    return malformed("a header that is none");
  }
  const name = written.toLowerCase();
  if (name === "content-length" && fields[name] !== undefined && fields[name] !== value) {
    return malformed("two lengths");
  }
  if (name === "transfer-encoding") {
    codings.push(value.toLowerCase());
  }
  fields[name] = value;
  return undefined;
}

function readOne(reader: ByteReader, budget: Budget): HttpHead | string {
  const first = nextLine(reader, budget);
  if (first === undefined) {
    return reader.problem();
  }
  const [minor, code] = string.match(`${first} `, "^HTTP/1%.(%d) ([1-9]%d%d) ");
  if (minor === undefined) {
    return malformed("no HTTP/1 status line");
  }
  const headers: Record<string, string | undefined> = {};
  const codings: string[] = [];
  for (const _count of $range(0, MOST_FIELDS)) {
    const line = nextLine(reader, budget);
    if (line === undefined) {
      return reader.problem();
    }
    if (line === "") {
      const coding = table.concat(codings, ",");
      return { status: tonumber(code) ?? 0, minor: minor === "0" ? 0 : 1, headers, coding };
    }
    const problem = takeField(line, headers, codings);
    if (problem !== undefined) {
      return problem;
    }
  }
  return malformed("too many headers");
}

/** The head of the answer that counts, or what kept it from being read. */
export function readHead(reader: ByteReader): HttpHead | string {
  const budget = { bytes: MOST_BYTES };
  for (const _count of $range(0, MOST_INTERIM)) {
    const head = readOne(reader, budget);
    if (typeof head === "string" || head.status >= 200) {
      return head;
    }
    if (head.status === 101) {
      return malformed("another protocol that nobody asked for");
    }
  }
  return malformed("too many interim answers");
}

/** True when `Connection` says so. */
export function connectionSays(head: HttpHead, word: string): boolean {
  const written = head.headers["connection"];
  if (written === undefined) {
    return false;
  }
  for (const [token] of string.gmatch(written.toLowerCase(), "[^,%s]+")) {
    if (token === word) {
      return true;
    }
  }
  return false;
}
