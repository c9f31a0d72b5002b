/**
 * The sets of all sources as text: what one worker tells the others, and what outlives a restart. Every worker makes the same
 * whole of them, so they alone are told.
 *
 * JSON in columns, for thousands of objects would be longer and slower to read: `{"version": 1, "sets": [{"name": …, "hosts":
 * […], "ports": …, "weights": …, "priorities": …, "zones": …, "draining": …}]}`. A column whose values are all equal is that value
 * alone. A peer of 10.0.0.0/8 takes 15 bytes where nothing differs but the address, below 40 where all does. With cjson LuaJIT
 * writes 10,000 of them in 3 to 8 ms and reads them in 15.
 */
import { ipAddress } from "../../_core/ip-address.ts";
import type { Json, JsonValue } from "../../_kit/ports.ts";
import type { PeerEntry } from "../peer.ts";
import type { SourceSet } from "./federation.ts";
import { MOST_PEERS, peerEntry } from "./found-peers.ts";
import { fieldOf, listOf, portNumber, textField, wholeNumber } from "./json-shape.ts";

/** Of the format. A text of another one is not read: the sources tell all of it anew. */
const VERSION = 1;

const MOST_PRIORITY = 1e9;
const MOST_WEIGHT = 1e9;

type Cell = string | number;

interface Columns {
  readonly hosts: string[];
  readonly ports: Cell[];
  readonly weights: Cell[];
  readonly priorities: Cell[];
  readonly zones: Cell[];
  readonly draining: Cell[];
}

function columnsOf(peers: readonly PeerEntry[]): Columns {
  const columns: Columns = { hosts: [], ports: [], weights: [], priorities: [], zones: [], draining: [] };
  for (const { host, port, weight, priority, zone, draining } of peers) {
    columns.hosts.push(host);
    columns.ports.push(port);
    columns.weights.push(weight);
    columns.priorities.push(priority);
    columns.zones.push(zone ?? "");
    columns.draining.push(draining === true ? 1 : 0);
  }
  return columns;
}

/** One value where all are the same. */
function shortened(cells: readonly Cell[]): JsonValue {
  const first = cells[0];
  for (const cell of cells) {
    if (cell !== first) {
      return cells;
    }
  }
  return first ?? 0;
}

export function encodeSets(sets: readonly SourceSet[], json: Json): string {
  const encoded: JsonValue[] = [];
  for (const { name, peers } of sets) {
    const { hosts, ports, weights, priorities, zones, draining } = columnsOf(peers);
    encoded.push({
      name,
      hosts,
      ports: shortened(ports),
      weights: shortened(weights),
      priorities: shortened(priorities),
      zones: shortened(zones),
      draining: shortened(draining),
    });
  }
  return json.encode({ version: VERSION, sets: encoded });
}

/** The values of a column that is a list; undefined when all have one value, or none. */
function cellsOf(set: unknown, name: string): readonly unknown[] | undefined {
  const column = fieldOf(set, name);
  return typeof column === "object" ? listOf(column) : undefined;
}

function decodePeers(set: unknown, hosts: readonly unknown[]): PeerEntry[] | undefined {
  const ports = cellsOf(set, "ports");
  const weights = cellsOf(set, "weights");
  const priorities = cellsOf(set, "priorities");
  const zones = cellsOf(set, "zones");
  const draining = cellsOf(set, "draining");
  const peers: PeerEntry[] = [];
  for (let index = 0; index < hosts.length; index++) {
    const host = hosts[index];
    const address = typeof host === "string" ? ipAddress(host) : undefined;
    const port = portNumber(ports === undefined ? fieldOf(set, "ports") : ports[index]);
    const weight = weights === undefined ? fieldOf(set, "weights") : weights[index];
    const level = priorities === undefined ? fieldOf(set, "priorities") : priorities[index];
    const priority = wholeNumber(level, 0, MOST_PRIORITY);
    const zone = zones === undefined ? fieldOf(set, "zones") : zones[index];
    const isDraining = (draining === undefined ? fieldOf(set, "draining") : draining[index]) === 1;
    if (address === undefined || port === undefined || priority === undefined || typeof zone !== "string") {
      return undefined;
    }
    if (typeof weight !== "number" || !(weight > 0 && weight <= MOST_WEIGHT)) {
      return undefined;
    }
    peers.push(peerEntry(address, port, weight, priority, zone, isDraining));
  }
  return peers;
}

/** @returns undefined when it is anything else than such a text, whole and of this version */
export function decodeSets(text: string, json: Json): readonly SourceSet[] | undefined {
  const document = json.decode(text);
  const encoded = listOf(fieldOf(document, "sets"));
  if (fieldOf(document, "version") !== VERSION || encoded === undefined) {
    return undefined;
  }
  const sets: SourceSet[] = [];
  for (const set of encoded) {
    const name = textField(set, "name");
    const hosts = listOf(fieldOf(set, "hosts"));
    if (name === undefined || hosts === undefined || hosts.length > MOST_PEERS) {
      return undefined;
    }
    const peers = decodePeers(set, hosts);
    if (peers === undefined) {
      return undefined;
    }
    sets.push({ name, peers });
  }
  return sets;
}
