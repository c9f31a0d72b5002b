import { withoutFirst } from "../../_core/byte-cut.ts";
import { ipAddress } from "../../_core/ip-address.ts";
import { integerText, parseDigits } from "../../_core/text.ts";

/** Where a server of a source is. */
export interface Url {
  readonly scheme: "http" | "https";
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** With the query; without a fragment. "" when the URL ends behind the port. */
  readonly path: string;
  /** `host:port` for people, IPv6 in brackets. */
  readonly place: string;
}

/** Spaces, control characters and what is not ASCII are escaped in a URL, or it is none. */
function isPlain(text: string): boolean {
  let rest = text;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    if (code <= 32 || code >= 127) {
      return false;
    }
    rest = rest.slice(1);
  }
  return true;
}

/** What stands before the first of these letters, or all of it. */
function before(text: string, letters: string): string {
  let taken = "";
  let rest = text;
  while (rest !== "") {
    const first = rest.slice(0, 1);
    if (letters.indexOf(first) >= 0) {
      return taken;
    }
    taken += first;
    rest = rest.slice(1);
  }
  return taken;
}

function portOf(text: string, absent: number): number | undefined {
  if (text === "") {
    return absent;
  }
  const port = text.slice(0, 1) === ":" ? parseDigits(text.slice(1)) : undefined;
  return port !== undefined && port >= 1 && port <= 65535 ? port : undefined;
}

/**
 * Takes `http://host:port/path` apart. Undefined when it is no such URL, and when it holds a user: passwords are given
 * elsewhere, where nobody shows them.
 */
export function parseUrl(text: string): Url | undefined {
  const isSecure = text.slice(0, 8) === "https://";
  if ((!isSecure && text.slice(0, 7) !== "http://") || !isPlain(text)) {
    return undefined;
  }
  const rest = isSecure ? text.slice(8) : text.slice(7);
  const authority = before(rest, "/?#");
  const path = before(withoutFirst(rest, authority.length), "#");
  const bracketed = authority.slice(0, 1) === "[";
  const inside = bracketed ? before(authority.slice(1), "]") : before(authority, ":");
  const host = bracketed ? ipAddress(inside) : inside;
  const port = portOf(withoutFirst(authority, bracketed ? inside.length + 2 : inside.length), isSecure ? 443 : 80);
  if (host === undefined || host === "" || port === undefined || authority.indexOf("@") >= 0) {
    return undefined;
  }
  if (bracketed && (authority.indexOf("]") === -1 || host.indexOf(":") === -1)) {
    return undefined;
  }
  return {
    scheme: isSecure ? "https" : "http",
    host,
    port,
    path: path.slice(0, 1) === "?" ? `/${path}` : path,
    place: `${bracketed ? `[${host}]` : host}:${integerText(port)}`,
  };
}

/** The path without a `/` at its end, to put paths of an API behind it. */
export function basePath(url: Url): string {
  const path = before(url.path, "?");
  return path !== "" && path.slice(-1) === "/" ? path.slice(0, -1) : path;
}
