/** The nodes of an APISIX upstream as plugins see them in select_upstream: a rotation for each priority. */
import type { Candidate } from "../../../plugins/_core/balance/candidate.ts";
import { createRotation, type Rotation } from "../../../plugins/_core/balance/rotation.ts";
import type { PeerPool } from "../../../plugins/_kit/context.ts";

/** A node that takes requests. */
export interface PeerEntry {
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** The lowest is used first. */
  readonly priority: number;
}

interface Peer extends Candidate {
  readonly entry: PeerEntry;
  readonly key: string;
}

/** @noSelf */
export interface WorkerPool extends PeerPool {
  /** Forgets the exclusions of the request before. */
  begin(): void;
  /** The next peer of the lowest priority that is left; where all are excluded, of all. */
  pick(): PeerEntry | undefined;
}

function keyOf({ host, port }: PeerEntry): string {
  const [colon] = string.match(host, ":");
  return colon === undefined ? `${host}:${tostring(port)}` : `[${host}]:${tostring(port)}`;
}

/** The rotations of all priorities, the lowest first. */
function rotationsOf(peers: readonly Peer[]): readonly Rotation<Peer>[] {
  const byPriority = new LuaMap<number, Peer[]>();
  const priorities: number[] = [];
  for (const peer of peers) {
    const { priority } = peer.entry;
    const ring = byPriority.get(priority);
    if (ring === undefined) {
      byPriority.set(priority, [peer]);
      priorities.push(priority);
    } else {
      ring.push(peer);
    }
  }
  table.sort(priorities);
  const rotations: Rotation<Peer>[] = [];
  for (const priority of priorities) {
    const rotation = createRotation<Peer>(math.random);
    rotation.reset(byPriority.get(priority) ?? []);
    rotations.push(rotation);
  }
  return rotations;
}

export function createPeerPool(entries: readonly PeerEntry[]): WorkerPool {
  const peers: Peer[] = [];
  const indexes = new LuaMap<string, number>();
  for (const entry of entries) {
    const key = keyOf(entry);
    indexes.set(key, peers.length);
    const { weight } = entry;
    peers.push({
      entry,
      key,
      weight,
      inFlight: 0,
      excludedIn: 0,
      latencySeconds: -1,
      observedAtSeconds: 0,
      deadline: 0,
    });
  }
  const rotations = rotationsOf(peers);
  let serial = 1;

  function exclude(index: number): void {
    const peer = peers[index];
    if (peer !== undefined) {
      peer.excludedIn = serial;
    }
  }

  function pickOnce(): PeerEntry | undefined {
    for (const rotation of rotations) {
      const peer = rotation.pick(serial);
      if (peer !== undefined) {
        return peer.entry;
      }
    }
    return undefined;
  }

  function begin(): void {
    serial += 1;
  }

  return {
    count: () => peers.length,
    key: (index) => peers[index]?.key ?? "",
    find: (key) => indexes.get(key) ?? -1,
    exclude,
    only: (index) => {
      for (const other of $range(0, peers.length - 1)) {
        if (other !== index) {
          exclude(other);
        }
      }
    },
    begin,
    pick: () => {
      const picked = pickOnce();
      if (picked !== undefined) {
        return picked;
      }
      // Everyone is excluded: an answer from a doubtful peer beats none.
      begin();
      return pickOnce();
    },
  };
}
