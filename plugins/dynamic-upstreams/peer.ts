import type { Candidate } from "../_core/balance/candidate.ts";
import { integerText } from "../_core/text.ts";

/** A peer as a source tells it, or gateway.yaml. */
export interface PeerEntry {
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Above 0. */
  readonly weight: number;
  /** 0 is used first. */
  readonly priority: number;
  readonly zone?: string;
  /** Its source takes it out soon: it is used only where no other is left. */
  readonly draining?: boolean;
}

/** What the tries of this worker at a peer came to; `health/` writes and reads it. */
export interface Tally {
  /** Tries since they were last told to the other workers. */
  ok: number;
  failed: number;
  /** In a row: any failure; failures of the way there (no answer, 502, 503, 504). */
  errorsInRow: number;
  gatewayErrorsInRow: number;
  /** Some worker counts failures in a row: a success must end that. */
  suspect: boolean;
}

/** A peer in this worker. The same object as long as `key` is in the set, whatever else changes of it. */
export interface Peer extends Candidate, Tally {
  /** `host:port`, IPv6 in brackets. */
  readonly key: string;
  entry: PeerEntry;
  /** Its number in the pool, from 0. */
  index: number;
  /** Takes requests: people, probes, ejection and its source all agree. */
  available: boolean;
  /** When it came into the set or recovered; slow start counts from here. 0: it was there at the start. */
  sinceSeconds: number;
}

/** `host:port`, IPv6 in brackets. */
export function peerKey(host: string, port: number): string {
  const text = integerText(port);
  return host.indexOf(":") === -1 ? `${host}:${text}` : `[${host}]:${text}`;
}

/** Whether what is told of one address and port is the same. */
export function sameEntry(one: PeerEntry, other: PeerEntry): boolean {
  return (
    one.weight === other.weight &&
    one.priority === other.priority &&
    one.zone === other.zone &&
    one.draining === other.draining
  );
}
