import type { Peer } from "./peer.ts";

/** A request of this worker that was sent to a peer of the upstream. */
export interface UnderWay {
  /** Where it is now; undefined: nowhere any more, or at a peer of no set. */
  peer: Peer | undefined;
  /** When that try began. */
  startedSeconds: number;
  /** The peers of tries that failed. */
  readonly tried: Peer[];
  /** What `hash_on` gave; 0 where nothing is hashed. */
  hash: number;
}

/**
 * Requests under way by their handles. Records are used again, so a request makes none.
 * @noSelf
 */
export interface UnderWayTable {
  /** The record of a request that has one. */
  find(handle: number): UnderWay | undefined;
  /** One with nothing in it. */
  begin(handle: number): UnderWay;
  end(handle: number, record: UnderWay): void;
}

export function createUnderWay(): UnderWayTable {
  const byHandle: Record<number, UnderWay | undefined> = {};
  const free: UnderWay[] = [];
  return {
    find: (handle) => byHandle[handle],
    begin: (handle) => {
      let record = free.pop();
      if (record === undefined) {
        record = { peer: undefined, startedSeconds: 0, tried: [], hash: 0 };
      }
      byHandle[handle] = record;
      return record;
    },
    end: (handle, record) => {
      byHandle[handle] = undefined;
      record.peer = undefined;
      while (record.tried.length > 0) {
        record.tried.pop();
      }
      free.push(record);
    },
  };
}
