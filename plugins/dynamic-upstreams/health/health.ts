import type { Peer } from "../peer.ts";

/** What is known of a peer that is not simply well. Shared by all workers of the node. */
export interface PeerCondition {
  /** Probes found it sick. */
  readonly unhealthy: boolean;
  /** Ejected until then, in the clock's seconds; 0 when it is not, and for up to a second a time that is over. */
  readonly ejectedUntilSeconds: number;
  /** How often it was ejected; falls again while it does well. */
  readonly ejections: number;
  /** Its agent asks for no new requests, or for a share of 0. */
  readonly draining: boolean;
  /** The share of its weight that its agent asks for: above 0, at most 1; 1 when it says nothing. */
  readonly share: number;
  /** Why, in a few words. */
  readonly why: string;
}

/**
 * Whether peers do well: one for each upstream in each worker. What it knows is in shared memory; only what no try has told
 * yet is this worker's own.
 * @noSelf
 */
export interface Health {
  /** Undefined when it is well. */
  of(key: string): PeerCondition | undefined;
  /** True when the peer may take requests at `nowSeconds`, as far as health goes. */
  allows(key: string, nowSeconds: number): boolean;
  /** Called for each try that has ended, on the way of requests: a success costs next to nothing. @param status 0: no answer */
  tried(peer: Peer, status: number, nowSeconds: number): void;
  /** Called four times a second in each worker. @returns true when some peer's condition is another than before */
  catchUp(nowSeconds: number): boolean;
  /** Each second in each worker: tells the others what was counted. `peers`: the whole set. */
  flush(peers: readonly Peer[], nowSeconds: number): void;
  /** Each second in the keeper: sweeps for outliers when their interval is over, lets ejected ones back, forgets the gone. */
  sweep(peers: readonly Peer[], nowSeconds: number): void;
  /** Begins to probe in background tasks, in the keeper; they end when `running` says false. `peers`: the set as it is then. */
  probe(peers: () => readonly Peer[], running: () => boolean): void;
}
