import type { AdminResource } from "../_kit/handlers.ts";
import type { StoreValue } from "../_kit/ports.ts";
import { breakerResource } from "./admin.ts";
import { readState } from "./adopt.ts";
import type { Cell } from "./cell.ts";
import { newCell } from "./new-cell.ts";
import { refreshCell } from "./refresh.ts";
import type { Settings } from "./settings.ts";

/** The breakers of an upstream's peers. */
export interface PeerGroup {
  readonly settings: Settings;
  /** `peer:<upstream>` */
  readonly name: string;
  /** Counts the transitions of all peers' breakers: one read tells a request whether anything changed. */
  readonly versionKey: string;
  version: StoreValue | undefined;
  /** The version again while every breaker lets every request go on; false, which is never stored, otherwise. */
  quickVersion: StoreValue;
  /** By `host:port`. */
  readonly cells: Record<string, Cell | undefined>;
  /** The same, for going through; and what the admin server shows of each. */
  readonly list: Cell[];
  readonly resources: AdminResource[];
}

/** Peers that discovery brings come and go: no more than so many are remembered. */
const MAX_PEERS = 1024;

function setQuick(group: PeerGroup): void {
  let calm = group.version !== undefined;
  for (const cell of group.list) {
    if (!cell.closed || cell.recovering) {
      calm = false;
    }
  }
  group.quickVersion = calm && group.version !== undefined ? group.version : false;
}

function dropLeastUsed(group: PeerGroup): void {
  let oldest = 0;
  for (let index = 1; index < group.list.length; index++) {
    if ((group.list[index]?.usedAt ?? 0) < (group.list[oldest]?.usedAt ?? 0)) {
      oldest = index;
    }
  }
  const dropped = group.list[oldest];
  const lastCell = group.list.pop();
  const lastResource = group.resources.pop();
  if (dropped === undefined || lastCell === undefined || lastResource === undefined) {
    return;
  }
  if (dropped !== lastCell) {
    group.list[oldest] = lastCell;
    group.resources[oldest] = lastResource;
  }
  group.cells[dropped.peer] = undefined;
}

/** The breaker of a peer, made when the peer is new. */
function cellOf(group: PeerGroup, peer: string, now: number): Cell {
  const known = group.cells[peer];
  if (known !== undefined) {
    return known;
  }
  if (group.list.length >= MAX_PEERS) {
    dropLeastUsed(group);
  }
  const cell = newCell(group.settings, `${group.name}/${peer}`, peer, now);
  refreshCell(cell, now);
  group.cells[peer] = cell;
  group.list.push(cell);
  group.resources.push(breakerResource(cell));
  setQuick(group);
  return cell;
}

/** Takes over what changed in any of the breakers. */
function adoptVersion(group: PeerGroup, version: StoreValue | undefined, now: number): void {
  if (version === undefined) {
    group.settings.store.add(group.versionKey, 0);
  }
  for (const cell of group.list) {
    readState(cell, now);
  }
  group.version = version;
  setQuick(group);
}

/** Brings all breakers up to date outside of requests. */
function refreshGroup(group: PeerGroup, now: number): void {
  // The version first: what changes after it is read shows in the next.
  const version = group.settings.store.get(group.versionKey);
  for (const cell of group.list) {
    refreshCell(cell, now);
  }
  adoptVersion(group, version, now);
}

/** @param peers `host:port` of those known at start */
function newPeerGroup(settings: Settings, name: string, peers: readonly string[], now: number): PeerGroup {
  const group: PeerGroup = {
    settings,
    name,
    versionKey: `${settings.prefix}version`,
    version: undefined,
    quickVersion: false,
    cells: {},
    list: [],
    resources: [],
  };
  settings.onTransition = () => {
    settings.store.incr(group.versionKey, 1, 0, 0);
  };
  settings.store.add(group.versionKey, 0);
  for (const peer of peers) {
    cellOf(group, peer, now);
  }
  refreshGroup(group, now);
  return group;
}

export { adoptVersion, cellOf, newPeerGroup, refreshGroup, setQuick };
