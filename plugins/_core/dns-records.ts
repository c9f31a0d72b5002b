/** The records of a DNS answer (RFC 1035, 3.2 and 3.3; AAAA: RFC 3596; SRV: RFC 2782). */
import { type ByteCursor, nextByte, nextPair, nextQuad } from "./byte-cursor.ts";
import { readName } from "./dns-name.ts";
import { ipv6Text } from "./ipv6-text.ts";
import { integerText } from "./text.ts";

type RecordType = "A" | "AAAA" | "SRV";

interface DnsData {
  readonly type: RecordType;
  /** An address, or of SRV a name. */
  readonly host: string;
  readonly ttlSeconds: number;
  /** SRV only; 0 else. */
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** A record and whose it is. */
interface DnsEntry {
  readonly owner: string;
  readonly ttlSeconds: number;
  /** The name that `owner` is an alias of; "" when it is none. */
  readonly alias: string;
  /** Absent of types that nobody asks for. */
  readonly data: DnsData | undefined;
}

const A = 1;
const CNAME = 5;
const AAAA = 28;
const SRV = 33;
const INTERNET = 1;

/** More is taken for 0 (RFC 2181, 8). */
const MOST_TTL = 2147483647;
/** Resolvers follow about so many. */
const MOST_ALIASES = 16;

function codeOf(type: RecordType): number {
  if (type === "SRV") {
    return SRV;
  }
  return type === "A" ? A : AAAA;
}

function addressData(type: RecordType, host: string, ttlSeconds: number): DnsData {
  return { type, host, ttlSeconds, port: 0, priority: 0, weight: 0 };
}

function ipv4At(cursor: ByteCursor): string {
  const first = integerText(nextByte(cursor));
  const second = integerText(nextByte(cursor));
  const third = integerText(nextByte(cursor));
  return `${first}.${second}.${third}.${integerText(nextByte(cursor))}`;
}

function ipv6At(cursor: ByteCursor): string {
  const text = ipv6Text(cursor.bytes, cursor.at);
  cursor.at += 16;
  return text;
}

function serviceAt(cursor: ByteCursor, ttlSeconds: number): DnsData {
  const priority = nextPair(cursor);
  const weight = nextPair(cursor);
  const port = nextPair(cursor);
  return { type: "SRV", host: readName(cursor), ttlSeconds, port, priority, weight };
}

function readEntry(cursor: ByteCursor): DnsEntry {
  const owner = readName(cursor);
  const type = nextPair(cursor);
  const kind = nextPair(cursor);
  const written = nextQuad(cursor);
  const ttlSeconds = written > MOST_TTL ? 0 : written;
  const length = nextPair(cursor);
  const end = cursor.at + length;
  let alias = "";
  let data: DnsData | undefined;
  if (end > cursor.bytes.length) {
    cursor.broken = true;
  } else if (kind === INTERNET && type === A) {
    data = addressData("A", ipv4At(cursor), ttlSeconds);
  } else if (kind === INTERNET && type === AAAA) {
    data = addressData("AAAA", ipv6At(cursor), ttlSeconds);
  } else if (kind === INTERNET && type === SRV) {
    data = serviceAt(cursor, ttlSeconds);
  } else if (kind === INTERNET && type === CNAME) {
    alias = readName(cursor);
  } else {
    cursor.at = end;
  }
  // The data must be as long as it says.
  if (cursor.at !== end) {
    cursor.broken = true;
  }
  return { owner, ttlSeconds, alias, data };
}

/** The next `count` records; those up to where the cursor breaks. */
function readEntries(cursor: ByteCursor, count: number): readonly DnsEntry[] {
  const entries: DnsEntry[] = [];
  let left = count;
  while (left > 0 && !cursor.broken) {
    entries.push(readEntry(cursor));
    left -= 1;
  }
  return entries;
}

function aliasOf(entries: readonly DnsEntry[], owner: string): DnsEntry | undefined {
  for (const entry of entries) {
    if (entry.alias !== "" && entry.owner === owner) {
      return entry;
    }
  }
  return undefined;
}

/**
 * The records of that type of `name` or of what it is an alias of, with the shortest time on the way. A service at the root
 * says that there is none (RFC 2782).
 * @returns undefined when the aliases go round in a circle
 */
function recordsOf(entries: readonly DnsEntry[], name: string, type: RecordType): readonly DnsData[] | undefined {
  let owner = name;
  let ttl = MOST_TTL;
  let followed = 0;
  let alias = aliasOf(entries, owner);
  while (alias !== undefined) {
    followed += 1;
    if (followed > MOST_ALIASES) {
      return undefined;
    }
    owner = alias.alias;
    ttl = Math.min(ttl, alias.ttlSeconds);
    alias = aliasOf(entries, owner);
  }
  const records: DnsData[] = [];
  for (const { owner: whose, data } of entries) {
    if (data !== undefined && data.type === type && whose === owner && data.host !== "") {
      const { host, port, priority, weight } = data;
      records.push({ type, host, ttlSeconds: Math.min(ttl, data.ttlSeconds), port, priority, weight });
    }
  }
  return records;
}

export { codeOf, readEntries, recordsOf };
export type { DnsData, DnsEntry, RecordType };
