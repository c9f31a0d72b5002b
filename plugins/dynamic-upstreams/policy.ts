import type { Level } from "./levels.ts";
import type { Peer } from "./peer.ts";

/** What a pick may depend on, beside the peers. One object for each upstream, filled in before each pick. */
export interface PickInput {
  nowSeconds: number;
  /** Of the request; 0 where nothing is hashed. */
  hash: number;
  /** What a peer without observations is taken for. */
  unknownSeconds: number;
  /** Of how many peers' latencies that is the mean. */
  knownPeers: number;
  /** Requests of this worker with all the peers. */
  inFlight: number;
}

/** How one level's peers are picked. @noSelf */
export interface Policy {
  /** The level's peers, or which of them take requests, changed. */
  reset(level: Level): void;
  /** One that takes requests and is not excluded for `serial`; undefined when there is none. */
  pick(serial: number, input: PickInput): Peer | undefined;
}
