/**
 * One EndpointSlice, as discovery.k8s.io/v1 describes it:
 * https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/.
 */
import { parseDigits } from "../../_core/text.ts";
import { ipAddress } from "../../_core/ip-address.ts";
import type { PeerEntry } from "../peer.ts";
import { peerEntry } from "./found-peers.ts";
import { fieldOf, listOf, listOrOne, portNumber, textField } from "./json-shape.ts";

/** What is kept of a slice. */
export interface Slice {
  readonly name: string;
  readonly peers: readonly PeerEntry[];
  /** Why some of it cannot be used. */
  readonly leftOut?: string;
}

/** The port of that name or number, or the first one. A slice's port without a number stands for all ports. */
function portOf(slice: unknown, wanted: string | undefined): number | undefined {
  const number = wanted === undefined ? undefined : parseDigits(wanted);
  for (const port of listOrOne(fieldOf(slice, "ports"))) {
    const found = portNumber(fieldOf(port, "port") ?? number);
    const isWanted = wanted === undefined || textField(port, "name") === wanted || found === number;
    if (found !== undefined && isWanted && (textField(port, "protocol") ?? "TCP") === "TCP") {
      return found;
    }
  }
  return undefined;
}

/** The first one: all addresses of an endpoint lead to the same. */
function addressOf(endpoint: unknown): string | undefined {
  const address = listOrOne(fieldOf(endpoint, "addresses"))[0];
  return typeof address === "string" ? ipAddress(address) : undefined;
}

type Use = "whole" | "draining" | "none";

/** A condition that is not told: ready is true, serving is as ready is, terminating is false. */
function useOf(endpoint: unknown): Use {
  const conditions = fieldOf(endpoint, "conditions");
  const ready = fieldOf(conditions, "ready") ?? true;
  const serving = fieldOf(conditions, "serving") ?? ready;
  const terminating = fieldOf(conditions, "terminating") ?? false;
  if (serving === true && terminating === true) {
    return "draining";
  }
  return ready === true ? "whole" : "none";
}

/** The name of a slice, or of what an event is about; undefined when it has none. */
export function sliceName(object: unknown): string | undefined {
  return textField(fieldOf(object, "metadata"), "name");
}

/**
 * @param port name or number; the first one when absent
 * @returns undefined when it is no slice
 */
export function parseSlice(object: unknown, port: string | undefined): Slice | undefined {
  const name = sliceName(object);
  const addressType = textField(object, "addressType");
  if (name === undefined || addressType === undefined) {
    return undefined;
  }
  const endpoints = listOf(fieldOf(object, "endpoints")) ?? [];
  if (addressType !== "IPv4" && addressType !== "IPv6") {
    return { name, peers: [], leftOut: `slice ${name} has addresses of the type ${addressType}, and no IP addresses` };
  }
  const number = portOf(object, port);
  if (number === undefined) {
    const none: Slice = { name, peers: [] };
    return endpoints.length === 0 ? none : { name, peers: [], leftOut: `slice ${name} has no TCP port ${port ?? ""}` };
  }
  const peers: PeerEntry[] = [];
  let leftOut: string | undefined;
  for (const endpoint of endpoints) {
    const host = addressOf(endpoint);
    const use = useOf(endpoint);
    if (host === undefined) {
      leftOut = `slice ${name} has an endpoint without an IP address`;
    } else if (use !== "none") {
      peers.push(peerEntry(host, number, 1, 0, textField(endpoint, "zone"), use === "draining"));
    }
  }
  return leftOut === undefined ? { name, peers } : { name, peers, leftOut };
}
