import { ipAddress } from "../../_core/ip-address.ts";
import type { PeerEntry } from "../peer.ts";
import { foundPeers, peerEntry } from "./found-peers.ts";
import { fieldOf, listOf, portNumber, textField, wholeNumber } from "./json-shape.ts";
import type { Found } from "./source.ts";

const COLON = 58;
/** The longest: an IPv6 address in brackets with its port. What is longer is not taken apart: that would take its time. */
const MOST_BYTES = 45 + "[]:65535".length;

/** `host:port` taken apart, the host without brackets. */
interface HostPort {
  readonly host: string;
  readonly port: string;
}

/** Splits at the last colon. IPv6 stands in brackets, or nobody could tell the port. */
function splitHostPort(text: string): HostPort | undefined {
  if (text.length > MOST_BYTES) {
    return undefined;
  }
  let host = "";
  let port = "";
  let colons = 0;
  let rest = text;
  while (rest !== "") {
    if (rest.charCodeAt(0) === COLON) {
      host = colons === 0 ? port : `${host}:${port}`;
      port = "";
      colons += 1;
    } else {
      port += rest.slice(0, 1);
    }
    rest = rest.slice(1);
  }
  if (colons === 0) {
    return undefined;
  }
  const bracketed = host.slice(0, 1) === "[" && host.slice(-1) === "]";
  if (bracketed !== colons > 1) {
    return undefined;
  }
  return { host: bracketed ? host.slice(1, -1) : host, port };
}

/** An absent field is `absent`, one that is not a whole number in the bounds undefined. */
function numberOr(value: unknown, absent: number, min: number, max: number): number | undefined {
  return value === undefined ? absent : wholeNumber(value, min, max);
}

function readTarget(value: unknown): PeerEntry | string {
  const split = typeof value === "string" ? splitHostPort(value) : undefined;
  const named = split === undefined ? textField(value, "host") : split.host;
  const host = named === undefined ? undefined : ipAddress(named);
  if (host === undefined) {
    return "a peer needs an IP address as host";
  }
  const port = portNumber(split === undefined ? fieldOf(value, "port") : split.port);
  if (port === undefined) {
    return `peer ${host} needs a port from 1 to 65535`;
  }
  const weight = numberOr(fieldOf(value, "weight"), 1, 1, 1000);
  const priority = numberOr(fieldOf(value, "priority"), 0, 0, 100);
  if (weight === undefined || priority === undefined) {
    return `peer ${host} needs a weight from 1 to 1000 and a priority from 0 to 100`;
  }
  return peerEntry(host, port, weight, priority, textField(value, "zone"), fieldOf(value, "draining") === true);
}

/**
 * The peers that a list of targets holds, or an object with such a list in `targets`: `"10.0.0.1:8080"`, `"[fd00::1]:8080"`, or
 * an object with `host`, `port` and maybe `weight`, `priority`, `zone` and `draining`. People write it: one entry that is wrong
 * makes all of it wrong.
 * @param document decoded JSON
 */
export function parseTargets(document: unknown): Found {
  if (typeof document !== "object") {
    return { problem: "it is not a list of targets" };
  }
  const list = listOf(fieldOf(document, "targets") ?? document);
  if (list === undefined) {
    return { problem: "it is not a list of targets, and has none without nulls in it as its field targets" };
  }
  const found = foundPeers();
  for (const value of list) {
    const entry = readTarget(value);
    if (typeof entry === "string") {
      return { problem: entry };
    }
    found.addEntry(entry);
  }
  return found.found();
}
