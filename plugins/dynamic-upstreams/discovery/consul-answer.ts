/** What Consul tells of a service's instances: https://developer.hashicorp.com/consul/api-docs/health. */
import { type FoundPeers, foundPeers } from "./found-peers.ts";
import { fieldOf, listOf, listOrOne, portNumber, textField, wholeNumber } from "./json-shape.ts";
import type { Found } from "./source.ts";

const MOST_WEIGHT = 65535;

/** Some check warns and none is worse: Consul has a weight of its own for that. */
function isWarned(instance: unknown): boolean {
  let warned = false;
  for (const check of listOrOne(fieldOf(instance, "Checks"))) {
    const status = textField(check, "Status");
    if (status !== "passing" && status !== "warning") {
      return false;
    }
    warned = warned || status === "warning";
  }
  return warned;
}

function weightOf(instance: unknown, service: unknown): number | undefined {
  const weights = fieldOf(service, "Weights");
  const weight = fieldOf(weights, isWarned(instance) ? "Warning" : "Passing");
  return weight === undefined ? 1 : wholeNumber(weight, 0, MOST_WEIGHT);
}

/**
 * The instance's own word first, then its node's. Consul has had a field for it since 1.17 (Locality); `zone` in the metadata is
 * for older ones. The datacenter is no zone: all instances of an answer are in the same one.
 */
function zoneOf(service: unknown, node: unknown): string | undefined {
  return (
    textField(fieldOf(service, "Meta"), "zone") ??
    textField(fieldOf(service, "Locality"), "Zone") ??
    textField(fieldOf(node, "Meta"), "zone") ??
    textField(fieldOf(node, "Locality"), "Zone")
  );
}

function addInstance(found: FoundPeers, instance: unknown): void {
  const service = fieldOf(instance, "Service");
  const node = fieldOf(instance, "Node");
  const host = textField(service, "Address") ?? textField(node, "Address");
  const port = portNumber(fieldOf(service, "Port"));
  const weight = weightOf(instance, service);
  if (host === undefined || port === undefined) {
    found.leaveOut("an instance without an address or a port");
  } else if (weight === undefined) {
    found.leaveOut(`${host.slice(0, 100)} has a weight that is no whole number`);
  } else if (weight === 0) {
    found.leaveOut(`${host.slice(0, 100)} has the weight 0`);
  } else {
    found.add(host, port, weight, 0, zoneOf(service, node));
  }
}

/** @param document the decoded answer of /v1/health/service/… */
export function consulPeers(document: unknown): Found {
  const instances = listOf(document);
  if (instances === undefined) {
    return { problem: "its answer is not a list of instances" };
  }
  const found = foundPeers();
  for (const instance of instances) {
    addInstance(found, instance);
  }
  return found.found();
}
