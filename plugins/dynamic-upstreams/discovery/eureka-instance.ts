/**
 * One instance as Eureka's servers write it in JSON, of all versions: a port is `{"$": 8080, "@enabled": "true"}`, and what is
 * alone may stand without its list.
 */
import { ipAddress } from "../../_core/ip-address.ts";
import type { PeerEntry } from "../peer.ts";
import { peerEntry } from "./found-peers.ts";
import { fieldOf, portNumber, textField, wholeNumber } from "./json-shape.ts";

const MOST_WEIGHT = 1000;

/** What is kept of an instance. */
export interface Instance {
  readonly id: string;
  /** Absent when it takes no requests. */
  readonly entry?: PeerEntry;
  /** Why it cannot be used although it is up. */
  readonly leftOut?: string;
}

function portOf(instance: unknown, secure: boolean): number | undefined {
  const port = fieldOf(instance, secure ? "securePort" : "port");
  if (typeof port !== "object") {
    return portNumber(port);
  }
  const enabled = fieldOf(port, "@enabled");
  return enabled === "true" || enabled === true ? portNumber(fieldOf(port, "$")) : undefined;
}

/** The instance's own word first; then the availability zone that instances in AWS tell. */
function zoneOf(instance: unknown): string | undefined {
  const place = fieldOf(fieldOf(instance, "dataCenterInfo"), "metadata");
  return textField(fieldOf(instance, "metadata"), "zone") ?? textField(place, "availability-zone");
}

/** Its address; servers of old versions send a name alone, which may be one. */
function addressOf(instance: unknown): string | undefined {
  return ipAddress(textField(instance, "ipAddr") ?? textField(instance, "hostName") ?? "");
}

/** @returns undefined when it is no instance */
export function parseInstance(instance: unknown, secure: boolean): Instance | undefined {
  // Instances of old versions have no id but the name of their host.
  const id = textField(instance, "instanceId") ?? textField(instance, "hostName");
  const status = textField(instance, "status");
  if (id === undefined || status === undefined) {
    return undefined;
  }
  if (status !== "UP") {
    return { id };
  }
  const host = addressOf(instance);
  const port = portOf(instance, secure);
  const shown = id.slice(0, 100);
  if (host === undefined) {
    return { id, leftOut: `${shown} tells no IP address` };
  }
  if (port === undefined) {
    return { id, leftOut: `${shown} has no ${secure ? "secure port" : "port"} that is enabled` };
  }
  const weight = wholeNumber(fieldOf(fieldOf(instance, "metadata"), "weight"), 1, MOST_WEIGHT) ?? 1;
  return { id, entry: peerEntry(host, port, weight, 0, zoneOf(instance)) };
}
