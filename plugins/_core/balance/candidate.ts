/** What the policies of balancing know of a peer. They write into it: one object for each peer, made once. */
export interface Candidate {
  /** Its share of the requests beside the others'; above 0. May change between picks (slow start, its own load). */
  weight: number;
  /** Requests of this worker that are with it now. */
  inFlight: number;
  /**
   * A request that may not go to it has this serial. Each try of each request has a serial of its own, so nothing needs to
   * be taken back; 0 is no request's.
   */
  excludedIn: number;
  /** Peak-EWMA of its latency, in seconds; below 0: nothing was observed yet. See peak-ewma.ts. */
  latencySeconds: number;
  /** When that was last brought up to date, in the clock's seconds. */
  observedAtSeconds: number;
  /** Of rotation.ts, while it is reset; 0 between its calls. */
  deadline: number;
}

/** A number in [0, 1), as `Math.random`. */
export type NextRandom = (this: void) => number;
