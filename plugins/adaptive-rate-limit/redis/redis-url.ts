import { firstBytes, withoutFirst } from "../../_core/byte-cut.ts";
import { integerText, parseDigits } from "../../_core/text.ts";

/** What a URL of a Redis says. */
export interface RedisPlace {
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly database: number;
  /** `host:port/database`, for people: without what is secret. */
  readonly label: string;
}

const PORT = 6379;
const MOST_PORT = 65_535;
const MOST_DATABASE = 9999;

function hexValue(code: number): number {
  if (code >= 48 && code <= 57) {
    return code - 48;
  }
  if (code >= 65 && code <= 70) {
    return code - 55;
  }
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/** `%` and two digits are the byte they stand for; undefined where something else follows a `%`. */
function decoded(text: string): string | undefined {
  let plain = "";
  let rest = text;
  while (rest !== "") {
    const first = rest.slice(0, 1);
    if (first === "%") {
      const high = hexValue(rest.charCodeAt(1));
      const low = hexValue(rest.charCodeAt(2));
      if (high < 0 || low < 0) {
        return undefined;
      }
      plain += String.fromCharCode(high * 16 + low);
      rest = rest.slice(3);
    } else {
      plain += first;
      rest = rest.slice(1);
    }
  }
  return plain;
}

/** Where a text begins in another for the last time; -1 when nowhere. */
function lastIndex(text: string, needle: string): number {
  let last = -1;
  let at = text.indexOf(needle);
  while (at >= 0) {
    last = at;
    at = text.indexOf(needle, at + 1);
  }
  return last;
}

interface Authority {
  readonly host: string;
  readonly port: number;
}

/** `host`, `host:port`, `[address]` or `[address]:port`; or what is wrong. */
function authorityOf(text: string): Authority | string {
  const isBracketed = text.slice(0, 1) === "[";
  const end = isBracketed ? text.indexOf("]") : text.indexOf(":");
  if (isBracketed && end < 0) {
    return "its address has no closing bracket";
  }
  const host = isBracketed ? firstBytes(text.slice(1), end - 1) : end < 0 ? text : firstBytes(text, end);
  const rest = isBracketed ? withoutFirst(text, end + 1) : end < 0 ? "" : withoutFirst(text, end);
  if (host === "") {
    return "it names no host";
  }
  if (rest === "") {
    return { host, port: PORT };
  }
  const port = rest.slice(0, 1) === ":" ? parseDigits(rest.slice(1)) : undefined;
  return port !== undefined && port >= 1 && port <= MOST_PORT ? { host, port } : "its port is none from 1 to 65535";
}

/** `redis://user:password@host:port/database`, of which only the host must be there; or what is wrong, without the URL. */
export function redisPlace(url: string): RedisPlace | string {
  const tls = url.indexOf("rediss://") === 0;
  if (!tls && url.indexOf("redis://") !== 0) {
    return "it begins neither with redis:// nor with rediss://";
  }
  let rest = tls ? url.slice(9) : url.slice(8);
  const slash = lastIndex(rest, "/");
  const at = lastIndex(rest, "@");
  // A slash in a password that is not written as %2F would be one before the @.
  const path = slash > at ? withoutFirst(rest, slash + 1) : "";
  rest = slash > at ? firstBytes(rest, slash) : rest;
  const login = at >= 0 ? firstBytes(rest, at) : "";
  const colon = login.indexOf(":");
  const user = decoded(colon >= 0 ? firstBytes(login, colon) : "");
  const password = decoded(colon >= 0 ? withoutFirst(login, colon + 1) : login);
  if (user === undefined || password === undefined) {
    return "a % in its user or password is not followed by two hexadecimal digits: write % as %25";
  }
  if (user !== "" && password === "") {
    return "it has a user without a password";
  }
  const authority = authorityOf(at >= 0 ? withoutFirst(rest, at + 1) : rest);
  if (typeof authority === "string") {
    return authority;
  }
  const database = path === "" ? 0 : parseDigits(path);
  if (database === undefined || database > MOST_DATABASE) {
    return "its database is no number from 0 to 9999";
  }
  const { host, port } = authority;
  const shownHost = host.indexOf(":") >= 0 ? `[${host}]` : host;
  return {
    tls,
    user: user === "" ? undefined : user,
    password: password === "" ? undefined : password,
    host,
    port,
    database,
    label: `${shownHost}:${integerText(port)}/${integerText(database)}`,
  };
}

/** What is wrong with the URL of a configuration, and how to mend it; never the URL, which holds a password. */
export function wrongRedisUrl(url: string): string | undefined {
  const place = redisPlace(url);
  return typeof place === "string"
    ? `store.redis.url cannot be used: ${place}. Write redis://user:password@host:port/database, or rediss:// for TLS`
    : undefined;
}
