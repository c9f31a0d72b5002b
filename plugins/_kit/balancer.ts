import type { Context, PeerPool } from "./context.ts";
import type { PeerAddress } from "./decision.ts";
import type { JsonValue } from "./ports.ts";

/**
 * The peers of one upstream in this worker, and which of them takes the request in hand: what a plugin gives to a host that
 * lets it pick (`Handlers.balancer`). For each try the host calls `begin`, lets other plugins exclude peers, then calls
 * `first` or `next`. `finish` is called once in log, by the host where the plugin has no log of its own there. Nothing here
 * yields.
 * @noSelf
 */
export interface Balancer extends PeerPool {
  /** A try begins: nobody is excluded. */
  begin(): void;
  /** The peer of a request's first try; undefined when no peer takes requests. */
  first(context: Context): PeerAddress | undefined;
  /** Counts a first try at a peer that some plugin chose (`RouteToPeer`), in place of `first`. */
  chosen(context: Context, peer: PeerAddress): void;
  /** How many more tries the request may have, as far as can be said at its first one. */
  moreTries(context: Context): number;
  /**
   * The peer of the next try: never one that was tried while another is left.
   * @param status what the try before it was answered; 0: nothing
   * @returns undefined when no more tries are allowed now, or no peer takes requests
   */
  next(context: Context, status: number): PeerAddress | undefined;
  /** Seconds that each try of a request that has more tries may take to connect and between two reads; undefined: as ever. */
  tryTimeoutSeconds(context: Context): number | undefined;
  /** The request has ended; does nothing when it was not sent to a peer of this upstream. */
  finish(context: Context): void;
  /** True for a peer of the set that people took out. */
  blocks(host: string, port: number): boolean;
  /** How many peers people have not taken out. */
  taking(): number;
  /** All peers of the set as they are now in every worker, those that take no requests included. */
  shown(): readonly ShownPeer[];
  /** What people see of one of them; undefined when it is not in the set. */
  show(key: string): ShownPeer | undefined;
  /** Sets a peer of the set for a while, or gives it back; false when there was no memory for it. */
  steer(key: string, override: PeerOverride | undefined): boolean;
}

/** `drain` and `down` both take no new request; `down` says that the peer is not there. */
export type PeerState = "up" | "drain" | "down";

/** What people set a peer to for a while. */
export interface PeerOverride {
  readonly state: PeerState;
  /** In place of the peer's own weight; only with `up`. */
  readonly weight?: number;
  /** Seconds since the epoch, whole. */
  readonly until: number;
  readonly reason: string;
}

/** A peer as people see it. */
export interface ShownPeer {
  /** `host:port` */
  readonly key: string;
  readonly override: PeerOverride | undefined;
  /** State and why, as JSON would show it: `state`, `why`, `weight`, `priority`, `zone`, … */
  readonly fields: Readonly<Record<string, JsonValue | undefined>>;
}
