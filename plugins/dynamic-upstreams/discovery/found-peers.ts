import { ipAddress } from "../../_core/ip-address.ts";
import { integerText } from "../../_core/text.ts";
import { type PeerEntry, peerKey } from "../peer.ts";
import type { Found } from "./source.ts";

/** More peers of one source are not kept: a mistake in a registry must not fill the memory of all workers. */
export const MOST_PEERS = 10_000;

/**
 * Gathers what an answer says, one peer after the other.
 * @noSelf
 */
export interface FoundPeers {
  /** Takes the peer if `host` is an IP address and nobody has its address and port yet. @param port from 1 to 65535 */
  add(host: string, port: number, weight: number, priority: number, zone?: string, draining?: boolean): void;
  /** Takes it as it is, unless it is there. */
  addEntry(entry: PeerEntry): void;
  /** Notes that something could not be used. @param why completes "3 left out: …" */
  leaveOut(why: string): void;
  found(): Found;
}

export function peerEntry(
  host: string,
  port: number,
  weight: number,
  priority: number,
  zone?: string,
  draining?: boolean,
): PeerEntry {
  const entry: { -readonly [Name in keyof PeerEntry]: PeerEntry[Name] } = { host, port, weight, priority };
  if (zone !== undefined && zone !== "") {
    // Zones become labels of metrics.
    entry.zone = zone.slice(0, 64);
  }
  if (draining === true) {
    entry.draining = true;
  }
  return entry;
}

export function foundPeers(): FoundPeers {
  const peers: PeerEntry[] = [];
  const seen: Record<string, true | undefined> = {};
  let leftOut = 0;
  let firstReason = "";
  let tooMany = 0;

  function leaveOut(why: string): void {
    leftOut += 1;
    if (leftOut === 1) {
      firstReason = why;
    }
  }

  function addEntry(entry: PeerEntry): void {
    const key = peerKey(entry.host, entry.port);
    if (seen[key] !== undefined) {
      return;
    }
    if (peers.length >= MOST_PEERS) {
      tooMany += 1;
      return;
    }
    seen[key] = true;
    peers.push(entry);
  }

  function note(): string | undefined {
    if (tooMany > 0) {
      return `${integerText(tooMany)} left out: at most ${integerText(MOST_PEERS)} peers of a source are used`;
    }
    return leftOut > 0 ? `${integerText(leftOut)} left out: ${firstReason}` : undefined;
  }

  return {
    add: (host, port, weight, priority, zone, draining) => {
      const address = ipAddress(host);
      if (address === undefined) {
        leaveOut(`"${host.slice(0, 100)}" is no IP address`);
        return;
      }
      addEntry(peerEntry(address, port, weight, priority, zone, draining));
    },
    addEntry,
    leaveOut,
    found: () => {
      const text = note();
      return text === undefined ? { peers } : { peers, note: text };
    },
  };
}
