/** What a policy asks of one of its algorithms, whether the state lies here or in Redis. */

/** A limit as it is in force: of one tier, with what stress has taken of it. */
export interface Quota {
  /** So much cost in `windowSeconds`; above 0. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** GCRA only: so much cost at once after a pause, at least 1. */
  readonly burst: number;
}

/**
 * The state of many keys under one policy. The answers of the last `take` stand in the fields until the next one: nothing
 * is allocated for a request.
 * @noSelf
 */
export interface Limiter {
  /**
   * Takes `cost` from the key's quota, or nothing.
   * @returns whether there was enough of it
   */
  take(key: string, quota: Quota, cost: number, nowSeconds: number): boolean;
  /** Gives back what the last `take` of the key took, as another policy has refused the request. */
  giveBack(key: string, quota: Quota, cost: number, nowSeconds: number): void;
  readonly last: Standing;
}

/** How a key stands after a `take`. */
export interface Standing {
  /** Cost that could be taken at once now. Not negative. */
  remaining: number;
  /** Seconds until `remaining` is the whole quota again: of a window, until it ends. */
  resetSeconds: number;
  /** After a refusal: seconds until the same cost can be taken. */
  retrySeconds: number;
}
